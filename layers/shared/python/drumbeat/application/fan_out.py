"""Which of a tenant's webhook endpoints are told of an event."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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
    events: Sequence[LoggedEvent],
    words: Words,
) -> list[Notice]:
    """A notice for each event and each endpoint that hears it. One request, and none where nothing can be heard."""
    told = [(event, spelled) for event in events if (spelled := words.spell(event)) is not None]
    there = endpoints.of_tenants({event.tenant for event, _ in told}) if told else {}
    return [
        notice_for(endpoint, event, spelled, words)
        for event, spelled in told
        for endpoint in there.get(event.tenant, ())
        if endpoint.hears(spelled.kind, only_if_named=spelled.only_if_named)
    ]


def notice_for(
    endpoint: WebhookEndpoint, event: LoggedEvent, spelled: Spelled, words: Words, *, again: int = 0
) -> Notice:
    """The event on its way to the endpoint; `again` is the instant of the replay that asks for it."""
    receiver = receiver_of(endpoint)
    return Notice(receiver, event.id, spelled.kind, words.envelope(endpoint, event, spelled), again=again)


def receiver_of(endpoint: WebhookEndpoint) -> Receiver:
    """The endpoint as somebody who is posted to."""
    return Receiver(endpoint.tenant, endpoint.number, is_endpoint=True)
