"""The choice of what leaves at which slot, two minutes ahead, for all lanes of a sequence at once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING

from drumbeat.domain.allowance import Cap
from drumbeat.domain.hint import Counts
from drumbeat.domain.runner import Runner, Slot, Source
from drumbeat.domain.times import MINUTE
from drumbeat.domain.waiting import Openings, Shelf, Taken, Waiting, counts_of, has_errands

if TYPE_CHECKING:
    from drumbeat.domain.lane import Errand, Lane, Reservation
    from drumbeat.domain.sequence import Sequence as Cadence

HORIZON = 2 * MINUTE
"""How far ahead slots are handed out: the timer may be late by a minute without a gap in the pace."""
LAPSES_SHOW_WITHIN = MINUTE
"""How long after a reservation has lapsed its lane may take to look into it: the timer's width."""
LOOKS_INTO_WITHIN = 8 * MINUTE
"""How long after a reservation has lapsed its lane may wait for its next slot before it looks into it."""
SETTLES_WITHIN = 3 * MINUTE
"""How long the queue index may lag behind a write, a slow call that still writes included."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a look at a lane comes to: its new state and the slots it fills."""

    lane: Lane
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """What is bound to one lane of an active sequence, from the first step on; queues as in `Queues`."""

    sequence: Cadence
    follow_ups: Iterable[Waiting] = ()
    deferred: Iterable[Waiting] = ()
    new: Iterable[Waiting] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A lane that may send from `not_before` on, and the follow-ups of its sequence that it sends, earliest due first.

    `daily_limit` bounds its first steps, `daily_mails` the mails of all steps on a UTC day. Its `pace` in seconds is
    that of the mail's sequence if None. `bound` is what only this lane may send.
    """

    lane: Lane
    daily_limit: int
    follow_ups: Iterable[Waiting]
    not_before: int = 0
    daily_mails: int | None = None
    pace: tuple[int, int] | None = None
    bound: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Queues:
    """What the lanes of a sequence share: new first steps in the order they shall leave, the others by due time.

    `deferred` are first steps that wait for an instant of their own, `orphans` the follow-ups of retired senders.
    """

    new: Iterable[Waiting] = ()
    deferred: Iterable[Waiting] = ()
    orphans: Iterable[Waiting] = ()


def plan(
    works: Sequence[Work],
    queues: Queues,
    *,
    sequence: Cadence | None,
    others: Iterable[Lane],
    over: Iterable[Errand] = (),
    caps: Mapping[int, Cap] = MappingProxyType({}),
    now: int,
    rng: Random,
) -> list[Plan]:
    """Fills the slots of a sequence's lanes up to the horizon, in the order of the slots.

    The lanes have been audited; `others` are those of the sequence that hand out nothing now, and what is `over` is not
    handed out though a queue shows it. Follow-ups go first and do not count against a sender's daily limit, all steps
    count against its own cap and their sequence's among the `caps`, by number. A row leaves within its sequence's hours
    only; those behind it that may leave pass it. Without a `sequence` the lanes have only what is bound to them.
    """
    idle = list(others)
    home = None if sequence is None else sequence.number
    elsewhere = [entry for lane in idle for entry in lane.reserved if entry.until > now]
    # Their own were looked into a moment ago: what has lapsed since then has not been, and stays reserved.
    reserved = elsewhere + [entry for work in works for entry in work.lane.reserved]
    taken = Taken(reserved, over)
    counters = _Counters(caps, taken, now + HORIZON)
    shared = None if sequence is None else _Shared(sequence, queues, counters)
    runners = [_runner(work, shared, counters, now) for work in works]
    while sending := [runner for runner in runners if runner.mails.running]:
        min(sending, key=lambda runner: runner.turn(runner.mails)).send(now + HORIZON, rng)
    while running := [runner for runner in runners if runner.errands.running]:
        min(running, key=lambda runner: runner.turn(runner.errands)).run_errand(now + HORIZON, rng)
    planned = [runner.state(forgets=not _just_woken(runner.lane, now)) for runner in runners]
    watched = elsewhere + [entry for lane in planned for entry in lane.reserved]
    at_home = [entry for entry in watched if entry.enrollment.sequence == home]
    known = [] if sequence is None else [sequence]
    known += [bound.sequence for work in works for bound in work.bound]
    delays = {entry.number: _shortest_delay(entry) for entry in known}
    return [
        Plan(replace(lane, wake_at=_wake_at(lane, runner, at_home, delays, caps, now)), runner.slots)
        for lane, runner in zip(planned, runners, strict=True)
    ]


def rest(lane: Lane, now: int, until: int | None = None) -> Plan:
    """A lane that may not send sleeps until somebody wakes it, unless somebody just did, or a reservation lapses.

    One that may again from some instant on sleeps `until` then.
    """
    times = [entry.until for entry in lane.reserved] + ([] if until is None else [until])
    if _just_woken(lane, now) and lane.wake_at is not None:
        times.append(lane.wake_at)
    return Plan(replace(lane, wake_at=min(times, default=None)))


@dataclass(frozen=True, slots=True)
class _Counters:
    """What a look must not hand out: what is over a cap, taken, or leaves after `until`."""

    caps: Mapping[int, Cap]
    taken: Taken
    until: int

    def shelf(self, rows: Iterable[Waiting], sequence: Cadence, openings: Openings, *, by_due: bool) -> Shelf:
        """A queue of the sequence."""
        counts = partial(counts_of, sequence)
        return Shelf(rows, self.taken, openings, by_due=by_due, counts=counts, until=self.until)

    def sources(
        self, shelf: Shelf, sequence: Cadence, work: Work, of_sender: tuple[Cap, ...], *, bound: bool, first: bool
    ) -> Iterator[Source]:
        """What a lane takes from a shelf: mails, under the sender's caps too, and what is none if there may be some."""
        cap, pace = self.caps.get(sequence.number), work.pace or pace_of(sequence)
        own = () if cap is None else (cap,)
        source = Source(shelf, sequence.number, bound, first, (*of_sender, *own), pace, is_capped=cap is not None)
        yield source
        if has_errands(sequence):
            yield replace(source, caps=own, counts=Counts.STEP, mails=source)
            yield replace(source, caps=(), counts=Counts.NOTHING, is_capped=False)


class _Shared:
    """What the lanes of a sequence take from side by side."""

    def __init__(self, sequence: Cadence, queues: Queues, counters: _Counters) -> None:
        self._sequence, self._counters = sequence, counters
        self._openings = Openings(sequence.hours)
        self._orphans = self._shelf(queues.orphans, by_due=True)
        self._deferred = self._shelf(queues.deferred, by_due=True)
        self._new = self._shelf(queues.new, by_due=False)

    def _shelf(self, rows: Iterable[Waiting], *, by_due: bool) -> Shelf:
        return self._counters.shelf(rows, self._sequence, self._openings, by_due=by_due)

    def sources(self, work: Work, mails: Cap, limit: Cap) -> Iterator[Source]:
        """What they are for one lane: its own follow-ups before all else."""
        sources = partial(self._counters.sources, sequence=self._sequence, work=work, bound=False)
        for shelf in (self._shelf(work.follow_ups, by_due=True), self._orphans):
            yield from sources(shelf, of_sender=(mails,), first=False)
        for shelf in (self._deferred, self._new):
            yield from sources(shelf, of_sender=(mails, limit), first=True)


def _runner(work: Work, shared: _Shared | None, counters: _Counters, now: int) -> Runner:
    lane = work.lane
    limit, mails = Cap(work.daily_limit, lane.first_steps), Cap(work.daily_mails, lane.mails)
    sources = [] if shared is None else list(shared.sources(work, mails, limit))
    for bound in work.bound:
        sources += _bound_sources(work, bound, counters, mails, limit)
    return Runner(lane, sources, max(now, work.not_before))


def _bound_sources(work: Work, bound: Bound, counters: _Counters, mails: Cap, limit: Cap) -> Iterator[Source]:
    shelf = partial(counters.shelf, sequence=bound.sequence, openings=Openings(bound.sequence.hours))
    sources = partial(counters.sources, sequence=bound.sequence, work=work, bound=True)
    yield from sources(shelf(bound.follow_ups, by_due=True), of_sender=(mails,), first=False)
    yield from sources(shelf(bound.deferred, by_due=True), of_sender=(mails, limit), first=True)
    yield from sources(shelf(bound.new, by_due=False), of_sender=(mails, limit), first=True)


def pace_of(sequence: Cadence) -> tuple[int, int]:
    """The shortest and the longest wait after a mail, in seconds."""
    return sequence.min_wait_seconds, sequence.max_wait_seconds


def _shortest_delay(sequence: Cadence) -> int | None:
    """How soon after a mail of the sequence a follow-up may be due, in minutes; None if it has none."""
    return min((step.delay_minutes for step in sequence.steps[1:]), default=None)


def _wake_at(
    lane: Lane,
    runner: Runner,
    at_home: Sequence[Reservation],
    delays: Mapping[int, int | None],
    capped: Container[int],
    now: int,
) -> int | None:
    """When to look again: something can leave, a reservation lapses, a follow-up appears, announced work shows.

    A full cap is looked at again when the last lane that has drawn from it has told what became of that.
    """
    times = runner.look_at
    times += [at + LAPSES_SHOW_WITHIN for at in runner.held_until if at + LAPSES_SHOW_WITHIN > now]
    times += [max(entry.until, runner.free_at) for entry in at_home]
    times += [_looks_into_at(entry, runner, capped) for entry in lane.reserved]
    if _just_woken(lane, now) and lane.wake_at is not None:
        times.append(lane.wake_at)
    for entry in lane.reserved:
        delay = delays.get(entry.enrollment.sequence)
        if delay is not None and entry.at + delay * MINUTE + SETTLES_WITHIN > now:
            times.append(max(entry.at + delay * MINUTE, now))
    return min(times, default=None)


def _looks_into_at(entry: Reservation, runner: Runner, capped: Container[int]) -> int:
    """When a lane looks into what it reserved: as soon as it lapses, or soon after that, when it looks anyway.

    One that has a mail for its next slot could use nothing sooner. Others may wait for a place under a sequence's cap.
    """
    is_used_later = runner.keeps_busy and entry.enrollment.sequence not in capped
    is_soon = runner.free_at <= entry.until + LOOKS_INTO_WITHIN
    return max(entry.until, runner.free_at) if is_used_later and is_soon else entry.until


def _just_woken(lane: Lane, now: int) -> bool:
    return lane.woken_at + SETTLES_WITHIN > now
