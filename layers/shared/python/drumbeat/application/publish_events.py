"""What was written to enrollments becomes events, and those that somebody wants to hear of are sent on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from drumbeat.domain.event import EnrollmentChange, Event
from drumbeat.domain.events_of import events_of
from drumbeat.domain.notice import Notice
from drumbeat.domain.sequence import Sender
from drumbeat.domain.sequence import Sequence as Cadence

type Place = tuple[int, int]
"""A tenant, and the number of something of its own."""
type Spell = Callable[[Event, Cadence], str]
"""An event of a sequence as its listeners' language has it."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A sequence, and the connector that wants to hear of it."""

    sequence: Cadence
    connector: Sender


class Listeners(Protocol):
    """Knows who wants to hear of what."""

    def of_sequences(self, sequences: Collection[Place]) -> Mapping[Place, Listener]:
        """The listeners of those of the sequences that have one."""
        ...

    def connectors(self, wanted: Collection[Place]) -> Mapping[Place, Sender]:
        """Those of the connectors that are there and listen somewhere."""
        ...


class NoticeQueue(Protocol):
    """Carries notices to the worker that posts them, at least once."""

    def put(self, notices: Sequence[Notice]) -> None: ...


@dataclass(frozen=True, slots=True)
class PublishPorts:
    """What publishing touches."""

    listeners: Listeners
    queue: NoticeQueue


@dataclass(frozen=True, slots=True)
class Published:
    """How many events there were, and how many of them somebody is told of."""

    events: int
    told: int


def publish_events(ports: PublishPorts, changes: Sequence[EnrollmentChange], *, spell: Spell) -> Published:
    """Sends on the events of these changes; where nothing happened, or nobody listens, nothing is sent.

    Run again it sends the same events again, under the same ids. Raises what the store and the queue raise: some
    events may have been sent on by then.
    """
    events = [event for change in changes for event in events_of(change)]
    if not events:
        return Published(0, 0)
    listeners = ports.listeners.of_sequences({_sequence_of(event) for event in events})
    notices = [
        _notice(event, listeners[_sequence_of(event)], spell) for event in events if _sequence_of(event) in listeners
    ]
    ports.queue.put(notices)
    return Published(len(events), len(notices))


def _sequence_of(event: Event) -> Place:
    return event.tenant, event.key.sequence


def _notice(event: Event, listener: Listener, spell: Spell) -> Notice:
    return Notice(event.tenant, listener.connector.number, event.id, spell(event, listener.sequence))
