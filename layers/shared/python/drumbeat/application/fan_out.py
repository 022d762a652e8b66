"""Which of a tenant's webhook endpoints are told of an event."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from drumbeat.application.addressees import Addressees, addressed
from drumbeat.domain.logged_event import LoggedEvent
from drumbeat.domain.notice import Notice, Receiver
from drumbeat.domain.webhook_endpoint import WebhookEndpoint


@dataclass(frozen=True, slots=True)
class Spelled:
    """An event in the language of endpoints: its type, and what is said of it.

    What is `only_if_named` is heard by those alone that name it in their filters.
    """

    kind: str
    data: Mapping[str, object]
    only_if_named: bool = False


type SpellForEndpoints = Callable[[LoggedEvent], Spelled | None]
"""None for what endpoints are not told of."""
type Enveloped = Callable[[WebhookEndpoint, LoggedEvent, Spelled], str]
"""The whole body for one endpoint."""


@dataclass(frozen=True, slots=True)
class Words:
    """How events are worded for endpoints."""

    spell: SpellForEndpoints
    envelope: Enveloped


class EndpointsOfTenants(Protocol):
    """Knows the endpoints of tenants."""

    def of_tenants(self, tenants: Collection[int]) -> Mapping[int, Sequence[WebhookEndpoint]]:
        """Those of each tenant that has any: one request for 100 tenants."""
        ...


def endpoint_notices(
    endpoints: EndpointsOfTenants,
    addressees: Addressees,
    events: Sequence[LoggedEvent],
    words: Words,
) -> list[Notice]:
    """A notice for each event and each endpoint that hears it, with the address that its contact has now.

    One request where something can be heard, another where it is.
    """
    hearable = _spelled(events, words)
    there = endpoints.of_tenants({event.tenant for event, _ in hearable}) if hearable else {}
    heard = [event for event, spelled in hearable if _hearers(there, event, spelled)]
    return [
        notice_for(endpoint, event, spelled, words)
        for event, spelled in _spelled(addressed(addressees, heard), words)
        for endpoint in _hearers(there, event, spelled)
    ]


def _spelled(events: Sequence[LoggedEvent], words: Words) -> list[tuple[LoggedEvent, Spelled]]:
    return [(event, spelled) for event in events if (spelled := words.spell(event)) is not None]


def _hearers(
    there: Mapping[int, Sequence[WebhookEndpoint]], event: LoggedEvent, spelled: Spelled
) -> list[WebhookEndpoint]:
    found = there.get(event.tenant, ())
    return [endpoint for endpoint in found if endpoint.hears(spelled.kind, only_if_named=spelled.only_if_named)]


def notices_again(
    endpoint: WebhookEndpoint, addressees: Addressees, events: Sequence[LoggedEvent], words: Words, again: int
) -> list[Notice]:
    """The events once more on their way to one endpoint; `again` is the instant of the replay that asks for it."""
    told = _spelled(addressed(addressees, events), words)
    return [notice_for(endpoint, event, spelled, words, again=again) for event, spelled in told]


def notice_for(
    endpoint: WebhookEndpoint, event: LoggedEvent, spelled: Spelled, words: Words, *, again: int = 0
) -> Notice:
    """The event on its way to the endpoint; `again` is the instant of the replay that asks for it."""
    receiver = receiver_of(endpoint)
    return Notice(receiver, event.id, spelled.kind, words.envelope(endpoint, event, spelled), again=again)


def receiver_of(endpoint: WebhookEndpoint) -> Receiver:
    """The endpoint as somebody who is posted to."""
    return Receiver(endpoint.tenant, endpoint.number, is_endpoint=True)
