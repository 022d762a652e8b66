"""Events are posted to an endpoint once more, or for a test: from the log, under the ids that they have."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from drumbeat.application.fan_out import Spelled, Words, notices_again, receiver_of
from drumbeat.application.webhook_endpoints import WebhookEndpoints, get_endpoint
from drumbeat.domain.digest import digest
from drumbeat.domain.errors import NotFound, WebhookDisabled
from drumbeat.domain.event import DIGEST_LENGTH, first_sort, id_of_sort
from drumbeat.domain.notice import Notice
from drumbeat.domain.webhook_endpoint import WebhookEndpoint

if TYPE_CHECKING:
    from drumbeat.application.addressees import Addressees
    from drumbeat.application.event_log import EventLog
    from drumbeat.application.publish_events import NoticeQueue
    from drumbeat.domain.logged_event import LoggedEvent

MOST_AT_ONCE = 500
_MOST_READ = 5_000
"""Events that one call looks at: most of them may be none that the endpoint hears."""


@dataclass(frozen=True, slots=True)
class ReplayPorts:
    """What a replay touches."""

    endpoints: WebhookEndpoints
    log: EventLog
    addressees: Addressees
    queue: NoticeQueue


type TestEnvelope = Callable[[WebhookEndpoint, str, int], tuple[str, str]]
"""Type and whole body of a test event with this id, at this instant."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which events: between two instants, both included, behind an event if one is named; of these types, if any."""

    first: int
    last: int
    kinds: Collection[str] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many events are on their way, and behind which one to go on; None where there are no more."""

    events: int
    after: str | None = None


def replay_event(ports: ReplayPorts, words: Words, *, tenant: int, number: int, event_id: str, now: int) -> Replayed:
    """Posts one event once more, whatever the endpoint's filters. Raises NotFound, and WebhookDisabled."""
    endpoint = enabled_endpoint(ports.endpoints, tenant, number)
    event = ports.log.get(tenant, event_id)
    if event is None or words.spell(event) is None:
        raise NotFound("event", event_id)
    ports.queue.put(notices_again(endpoint, ports.addressees, [event], words, now))
    return Replayed(1)


def replay_span(ports: ReplayPorts, words: Words, *, tenant: int, number: int, span: Span, now: int) -> Replayed:
    """Posts what the endpoint hears of a span once more, oldest first, as much as one call can do.

    Asked again, it posts them again. Raises NotFound, and WebhookDisabled.
    """
    endpoint = enabled_endpoint(ports.endpoints, tenant, number)
    found: list[LoggedEvent] = []
    last: str | None = None
    read = 0
    for event in islice(ports.log.between(tenant, span.first, span.last, after=span.after), _MOST_READ):
        spelled = words.spell(event)
        if spelled is not None and _is_asked_for(endpoint, spelled, span):
            found.append(event)
        last, read = event.id, read + 1
        if len(found) == MOST_AT_ONCE:
            break
    if found:
        ports.queue.put(notices_again(endpoint, ports.addressees, found, words, now))
    is_cut = read == _MOST_READ or len(found) == MOST_AT_ONCE
    return Replayed(len(found), last if is_cut else None)


def _is_asked_for(endpoint: WebhookEndpoint, spelled: Spelled, span: Span) -> bool:
    if span.kinds:
        return spelled.kind in span.kinds
    return endpoint.hears(spelled.kind, only_if_named=spelled.only_if_named)


def enabled_endpoint(endpoints: WebhookEndpoints, tenant: int, number: int) -> WebhookEndpoint:
    """The endpoint. Raises NotFound; and WebhookDisabled, as nothing would be posted to it."""
    endpoint = get_endpoint(endpoints, tenant, number)
    if endpoint.disabled_at is not None:
        raise WebhookDisabled("The webhook is disabled: enable it first, by PATCH with disabled_at null.")
    return endpoint


def send_test(ports: ReplayPorts, *, tenant: int, number: int, envelope: TestEnvelope, now: int) -> str:
    """Posts an event that tells of nothing, whatever the endpoint's filters; returns its id.

    Raises NotFound, and WebhookDisabled.
    """
    endpoint = enabled_endpoint(ports.endpoints, tenant, number)
    event_id = id_of_sort(f"{first_sort(now)}{digest(f'test/{tenant}/{number}/{now}')[:DIGEST_LENGTH]}")
    kind, body = envelope(endpoint, event_id, now)
    ports.queue.put([Notice(receiver_of(endpoint), event_id, kind, body)])
    return event_id
