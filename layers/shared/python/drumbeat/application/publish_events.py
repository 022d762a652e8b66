"""What was written becomes events: they are logged and counted, then those that somebody wants to hear of sent on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.fan_out import EndpointsOfTenants, Words, endpoint_notices
from drumbeat.application.watch_senders import WatchPorts, watch_senders
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.event import Change, Event, EventKind
from drumbeat.domain.events_of import events_of
from drumbeat.domain.logged_event import logged
from drumbeat.domain.notice import CallName, Notice, Receiver
from drumbeat.domain.sequence import Sender, Step
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.wording import Wording, wording_of

if TYPE_CHECKING:
    from drumbeat.application.addressees import Addressees
    from drumbeat.application.event_log import EventLog
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.draft import Draft

type Place = tuple[int, int]
"""A tenant, and the number of something of its own."""
type Spell = Callable[[Event, Cadence, Wording | None], tuple[str, str]]
"""An event of a sequence as its listeners' language has it, type and body; what a step said, if that is known."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A sequence, and the connector that wants to hear of it."""

    sequence: Cadence
    connector: Sender

    def hears(self, event: Event) -> bool:
        """Whether it is told of the event: an agent's of what calls came to and of nothing else (contract 4.7)."""
        return (self.sequence.agent is not None) is (event.kind is EventKind.CALL_ENDED)


_HEARD = {
    EventKind.STEP_FIRED, EventKind.REPLIED, EventKind.COMPLETED, EventKind.BOUNCED, EventKind.UNSUBSCRIBED,
    EventKind.FAILED, EventKind.CALL_ENDED,
}  # fmt: skip
"""What connectors hear of, one or another."""


class Listeners(Protocol):
    """Knows who wants to hear of what."""

    def of_sequences(self, sequences: Collection[Place]) -> Mapping[Place, Listener]:
        """The listeners of those of the sequences that have one."""
        ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a step was addressed, and what the tenant's app had written for it; None for what is not there."""

    contact: Contact | None
    draft: Draft | None


class Recipients(Protocol):
    """Knows to whom steps were addressed."""

    def of(self, fired: Mapping[Event, Step]) -> Mapping[Event, Recipient]:
        """The recipient of each of the steps that fired."""
        ...


class NoticeQueue(Protocol):
    """Carries notices to the worker that posts them, at least once."""

    def put(self, notices: Sequence[Notice]) -> None: ...


@dataclass(frozen=True, slots=True)
class PublishPorts:
    """What publishing touches."""

    log: EventLog
    listeners: Listeners
    endpoints: EndpointsOfTenants
    addressees: Addressees
    recipients: Recipients
    queue: NoticeQueue
    watch: WatchPorts


@dataclass(frozen=True, slots=True)
class Published:
    """How many events there were, and how many times somebody is told of one.

    `lag` is how many milliseconds ago the first of the writes was that made them; None if there were none.
    """

    events: int
    told: int
    lag: int | None = None


def publish_events(
    ports: PublishPorts, changes: Sequence[Change], *, spell: Spell, words: Words, now: int
) -> Published:
    """Logs and counts the events of these changes, each once, and sends on what somebody listens to.

    Run again it logs nothing anew, and sends the same events again, under the same ids. So whoever dies in between has
    counted nothing twice and told everything at least once. Whose mails come back too often is switched off (`watch`).
    Raises what the store and the queue raise.
    """
    happened = [(change.at, event) for change in changes for event in events_of(change)]
    if not happened:
        return Published(0, 0)
    events = [event for _, event in happened]
    kept = [logged(event, now) for event in events]
    ports.log.add(kept)
    watch_senders(ports.watch, events, now=now)
    heard = _heard(ports.listeners, [event for event in events if event.kind in _HEARD])
    wordings = _wordings(ports.recipients, heard)
    notices = [_notice(event, listener, spell, wordings.get(event)) for event, listener in heard]
    notices += endpoint_notices(ports.endpoints, ports.addressees, kept, words)
    ports.queue.put(_traced(notices, events))
    return Published(len(events), len(notices), lag=now - min(at for at, _ in happened))


def _traced(notices: Sequence[Notice], events: Sequence[Event]) -> list[Notice]:
    """Each with the correlation id of the enrollment that its event is about."""
    known = {event.id: event.subject.correlation_id for event in events if isinstance(event.subject, Enrollment)}
    return [replace(notice, correlation_id=known.get(notice.event)) for notice in notices]


def _heard(listeners: Listeners, events: Sequence[Event]) -> list[tuple[Event, Listener]]:
    """What connectors want to hear, each with its listener."""
    there = listeners.of_sequences({_sequence_of(event) for event in events}) if events else {}
    found = [(event, there[_sequence_of(event)]) for event in events if _sequence_of(event) in there]
    return [(event, listener) for event, listener in found if listener.hears(event)]


def _sequence_of(event: Event) -> Place:
    return event.tenant, event.key.sequence


def _wordings(recipients: Recipients, heard: Sequence[tuple[Event, Listener]]) -> dict[Event, Wording | None]:
    steps = {event: step for event, listener in heard if (step := _step_as_it_was(event, listener.sequence))}
    there = recipients.of(steps) if steps else {}
    return {
        event: wording_of(steps[event], recipient.contact, event.enrollment.lead.name, recipient.draft)
        for event, recipient in there.items()
    }


def _step_as_it_was(event: Event, sequence: Cadence) -> Step | None:
    """The step that fired; None if it may be another one by now, as the sequence has been changed since."""
    if event.kind is not EventKind.STEP_FIRED or event.step is None or event.step >= len(sequence.steps):
        return None
    return None if (sequence.updated_at or 0) > event.at else sequence.steps[event.step]


def _notice(event: Event, listener: Listener, spell: Spell, wording: Wording | None) -> Notice:
    kind, body = spell(event, listener.sequence, wording)
    call = None if event.call is None else CallName(event.key, event.call)
    return Notice(Receiver(event.tenant, listener.connector.number), event.id, kind, body, call)
