"""Letting enrollments in that wait for their sequence's throttle: one place decides for each sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from drumbeat.application.sequences import wake_senders
from drumbeat.domain.enrollment import LET_IN, Enrollment
from drumbeat.domain.lifecycle import SENDER_GONE, Move, let_in, paused
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.throttle import (
    COUNTED_AGAIN_AFTER,
    Throttle,
    counted,
    must_count,
    next_look,
    places,
    with_let_in,
)

if TYPE_CHECKING:
    from drumbeat.application.enrollment_actions import EnrollmentChanges
    from drumbeat.application.ports import Enrollments, LaneWaker, OutOfTime, Sequences

_AT_ONCE = 100


class ThrottleName(NamedTuple):
    """Whose throttle."""

    tenant: int
    sequence: int


class Held(NamedTuple):
    """The first ones that wait: `seen` in the queue's order, and whether the queue showed any at all."""

    seen: Sequence[Enrollment]
    is_empty: bool


class Throttles(Protocol):
    """Keeps throttles, and shows who waits for them."""

    def announce(self, tenant: int, sequence: int, now: int) -> None:
        """Makes the next look see the sequence; call it before writing who shall wait."""
        ...

    def get(self, tenant: int, sequence: int) -> Throttle | None: ...
    def store(self, seen: Throttle, planned: Throttle) -> bool: ...
    def up(self, until: int) -> list[ThrottleName]: ...
    def held(self, tenant: int, sequence: int, most: int) -> Held: ...


@dataclass(frozen=True, slots=True)
class LetInPorts:
    """What letting in touches."""

    throttles: Throttles
    enrollments: Enrollments
    changes: EnrollmentChanges
    sequences: Sequences
    lanes: LaneWaker


@dataclass(frozen=True, slots=True)
class LetIn:
    """What a look at all throttles came to."""

    throttles: int = 0
    let_in: int = 0


def let_all_in(ports: LetInPorts, *, now: int, out_of_time: OutOfTime) -> LetIn:
    """Looks at every throttle whose time has come; costs one query when none has."""
    looked = done = 0
    for name in ports.throttles.up(now):
        looked += 1
        while not out_of_time():
            count = let_some_in(ports, tenant=name.tenant, sequence_number=name.sequence, now=now)
            done += count
            if count < _AT_ONCE:
                break
    return LetIn(looked, done)


def let_some_in(ports: LetInPorts, *, tenant: int, sequence_number: int, now: int) -> int:
    """Lets in the first ones that wait, 100 at most, as far as the throttle has places; returns how many.

    They are counted before they are let in: of two looks at once one finds the throttle changed and does nothing, and
    one that dies in between has used up places.
    """
    seen = ports.throttles.get(tenant, sequence_number)
    sequence = ports.sequences.get(tenant, sequence_number)
    if seen is None:
        return 0
    if sequence is None:
        ports.throttles.store(seen, replace(seen, look_at=None))
        return 0
    if sequence.status is not SequenceStatus.ACTIVE:
        ports.throttles.store(seen, replace(seen, look_at=now + COUNTED_AGAIN_AFTER))
        return 0
    throttle = _counted(ports, seen, sequence, now)
    room = places(throttle, sequence, now)
    held = ports.throttles.held(tenant, sequence_number, max(1, _AT_ONCE if room is None else min(room, _AT_ONCE)))
    chosen = held.seen[:room]
    planned = with_let_in(throttle, len(chosen), now) if chosen else throttle
    look_at = next_look(planned, sequence, is_empty=held.is_empty, now=now)
    if not ports.throttles.store(seen, replace(planned, look_at=look_at)) or not chosen:
        return 0
    there = _awake(ports, chosen, sequence, now)
    moves = [
        Move(waiting, let_in(waiting, sequence, now) if waiting.sender in there else paused(waiting, SENDER_GONE, now))
        for waiting in chosen
    ]
    return sum(ports.changes.change(moves))


def _awake(ports: LetInPorts, chosen: Sequence[Enrollment], sequence: Cadence, now: int) -> set[int | None]:
    """The senders that are there to send, each woken once."""
    one_each = {waiting.sender: waiting for waiting in chosen}
    return {
        sender
        for sender, waiting in one_each.items()
        if wake_senders(ports.lanes, ports.sequences, waiting, sequence, now)
    }


def _counted(ports: LetInPorts, throttle: Throttle, sequence: Cadence, now: int) -> Throttle:
    if not must_count(throttle, sequence, now):
        return throttle
    everybody = ports.enrollments.of_sequence(sequence.tenant, sequence.number)
    return counted(throttle, sum(1 for enrollment in everybody if enrollment.state in LET_IN), now)
