"""Which mailboxes are to be read now, and who should be read but never was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from drumbeat.domain.ids import Kind
from drumbeat.domain.tenant import OPERATORS

if TYPE_CHECKING:
    from drumbeat.application.inbox_ports import Inboxes, InboxQueue
    from drumbeat.application.ports import OutOfTime, Sequences

MOST_AT_ONCE = 500
"""How many inboxes one tick hands out: what the workers read in a minute. The rest is longest due with the next one."""
TENANTS_AT_ONCE = 100


class LastNumbers(Protocol):
    """Knows how far numbers were handed out."""

    def last(self, tenant: int, kind: Kind) -> int: ...


@dataclass(frozen=True, slots=True)
class PollPorts:
    """What a tick touches."""

    inboxes: Inboxes
    queue: InboxQueue
    sequences: Sequences
    numbers: LastNumbers


@dataclass(frozen=True, slots=True)
class Polled:
    """How many inboxes were handed to workers, and how many tenants' old senders were given one."""

    inboxes: int
    tenants: int


def poll_mailboxes(ports: PollPorts, *, now: int, out_of_time: OutOfTime) -> Polled:
    """Tells workers of the inboxes that are due; with nothing due that is two reads.

    Whoever is told of twice is read once: the inbox decides.
    """
    names = ports.inboxes.due(now, MOST_AT_ONCE)
    ports.queue.put(names)
    return Polled(len(names), _census(ports, now, out_of_time))


def _census(ports: PollPorts, now: int, out_of_time: OutOfTime) -> int:
    """Gives senders from before there were inboxes theirs, tenant by tenant, once; returns how many tenants were seen.

    Senders that are written since bring their own.
    """
    through = ports.inboxes.census()
    if through is None:
        return 0
    last = ports.numbers.last(OPERATORS, Kind.TENANT)
    seen = 0
    while through < last and seen < TENANTS_AT_ONCE and not out_of_time():
        through, seen = through + 1, seen + 1
        for sender in ports.sequences.all_senders(through):
            if sender.imap is not None:
                ports.inboxes.begin(sender, now)
    ports.inboxes.note_census(None if through >= last else through)
    return seen
