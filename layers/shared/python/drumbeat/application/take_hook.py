"""A provider's webhook calls: what it tells about a tenant's mails is noted, about any other mail it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.take_provider_event import (
    Noted,
    Outcome,
    ProviderEventPorts,
    StillUnderWay,
    take_provider_event,
)
from drumbeat.domain.sns_message import SnsKind, SnsMessage
from drumbeat.domain.token import hooked_by, reported_on

if TYPE_CHECKING:
    from drumbeat.domain.provider_event import ProviderEvent


class NotGenuine(Exception):
    """A call of somebody for whom this hook is not, or who cannot prove to be whom it is for."""


class TopicSubscriptions(Protocol):
    """Confirms that messages of a topic are wanted here."""

    def confirm(self, topic: str, token: str) -> None: ...


def tenant_of_hook(ports: ProviderEventPorts, token: str) -> int:
    """Whose hook was called. Raises NotGenuine."""
    named = hooked_by(ports.keys, token)
    if named is None:
        raise NotGenuine("This is no hook of ours.")
    return named[0]


def take_hooked(ports: ProviderEventPorts, tenant: int, events: Sequence[ProviderEvent], *, now: int) -> list[Noted]:
    """Notes what is reported about the tenant's own mails; a provider's account may serve several of its senders.

    All are tried before StillUnderWay is raised: then the provider has to come again with all of them.
    """
    noted, under_way = [], False
    for event in events:
        named = reported_on(ports.keys, event.token)
        try:
            is_own = named is not None and named.tenant == tenant
            noted.append(take_provider_event(ports, event, now=now) if is_own else Noted(Outcome.FOREIGN))
        except StillUnderWay:
            under_way = True
    if under_way:
        raise StillUnderWay
    return noted


def take_sns(
    ports: ProviderEventPorts,
    subscriptions: TopicSubscriptions,
    message: SnsMessage,
    event: ProviderEvent | None,
    *,
    now: int,
) -> list[Noted]:
    """Acts on a genuine message of a topic that is allowed: its report, or its question whether it is wanted.

    That somebody has unsubscribed us is nothing to undo. Raises StillUnderWay.
    """
    match message.kind:
        case SnsKind.NOTIFICATION:
            return [take_provider_event(ports, event, now=now)]
        case SnsKind.SUBSCRIPTION:
            subscriptions.confirm(message.topic, message.token)
    return []
