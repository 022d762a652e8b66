"""The choice of what leaves at which slot, two minutes ahead, for all lanes of a sequence at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from drumbeat.domain.lane import RESERVED_FOR, Errand, Lane, Reservation, days_of
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import DAY, MINUTE, SECOND, utc_day
from drumbeat.domain.waiting import Openings, Shelf, Waiting

HORIZON = 2 * MINUTE
"""How far ahead slots are handed out: the timer may be late by a minute without a gap in the pace."""
MOST_SLOTS = 300
SETTLES_WITHIN = 3 * MINUTE
"""How long the queue index may lag behind a write, a slow call that still writes included."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Send this at that instant, not before."""

    at: int
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Plan:
    """What a look at a lane comes to: its new state and the slots it fills."""

    lane: Lane
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A lane that may send from `not_before` on, and the follow-ups bound to it, earliest due first."""

    lane: Lane
    daily_limit: int
    follow_ups: Iterable[Waiting]
    not_before: int = 0


@dataclass(frozen=True, slots=True)
class Queues:
    """What the lanes of a sequence share: new first steps in the order they shall leave, the others by due time.

    `deferred` are first steps that wait for an instant of their own, `orphans` the follow-ups of retired senders.
    """

    new: Iterable[Waiting] = ()
    deferred: Iterable[Waiting] = ()
    orphans: Iterable[Waiting] = ()


class _Cap:
    """How many mails may leave on a UTC day. One that may leave on either of two days counts for both."""

    def __init__(self, limit: int | None, counted: Callable[[int], int]) -> None:
        self._limit = limit
        self._counted = counted
        self._known: dict[int, int] = {}
        self._taken: Counter[int] = Counter()

    def has_room(self, at: int) -> bool:
        return self._limit is None or all(self._used(day) < self._limit for day in days_of(at))

    def take(self, at: int) -> None:
        self._taken.update(days_of(at))

    def _used(self, day: int) -> int:
        if day not in self._known:
            self._known[day] = self._counted(day)
        return self._known[day] + self._taken[day]


class _Runner:
    """One lane while its slots are being filled."""

    def __init__(self, work: Work, bound: Sequence[Shelf], first: Sequence[Shelf], cap: _Cap, now: int) -> None:
        self.lane = work.lane
        self.slot = max(now, work.lane.next_free, work.not_before)
        self.slots: list[Slot] = []
        self.next_at: int | None = None
        self.running = True
        limit = _Cap(work.daily_limit, work.lane.first_steps)
        self._sources = [(shelf, (cap,)) for shelf in bound] + [(shelf, (cap, limit)) for shelf in first]

    def turn(self) -> tuple[int, int, int]:
        """Who is next: the earliest slot, then who has taken least, then who has rested longest.

        The last one matters when one sender is dead: what it could not send goes to another one next time.
        """
        return self.slot, len(self.slots), self.lane.next_free

    def step(self, until: int, gap: int) -> None:
        """Fills one slot, or stops: nothing left that may leave before `until`, or enough for one look."""
        self.next_at, shelf, caps = self._earliest()
        enough = self.next_at is None or self.next_at > until or len(self.slots) >= MOST_SLOTS
        if self.next_at is None or enough or not _has_room(self.next_at, caps):
            self.running = False
            return
        self.slots.append(Slot(self.next_at, shelf.take(self.next_at)))
        for cap in caps:
            cap.take(self.next_at)
        self.slot = self.next_at + gap

    def state(self) -> Lane:
        """The lane with the slots handed out so far."""
        mine = tuple(Reservation(*slot.waiting.errand, slot.at, slot.at + RESERVED_FOR) for slot in self.slots)
        next_free = self.slot if self.slots else self.lane.next_free
        return replace(self.lane, next_free=next_free, reserved=self.lane.reserved + mine)

    def _earliest(self) -> tuple[int | None, Shelf, Sequence[_Cap]]:
        """When and where the lane can take something; follow-ups win a tie. Full caps leave room from midnight on."""
        best: int | None = None
        where, whose = self._sources[-1]
        midnight = (utc_day(self.slot) + 1) * DAY
        for shelf, caps in self._sources:
            at = shelf.available_at(self.slot if _has_room(self.slot, caps) else midnight)
            if at is not None and (best is None or at < best):
                best, where, whose = at, shelf, caps
        return best, where, whose


def _has_room(at: int, caps: Sequence[_Cap]) -> bool:
    return all(cap.has_room(at) for cap in caps)


def plan(
    works: Sequence[Work],
    queues: Queues,
    *,
    sequence: Cadence,
    others: Iterable[Lane],
    over: Iterable[Errand] = (),
    now: int,
    rng: Random,
) -> list[Plan]:
    """Fills the slots of a sequence's lanes up to the horizon, in the order of the slots.

    The lanes have been audited; `others` are those of the sequence that hand out nothing now, and what is `over` is not
    handed out though a queue shows it. Follow-ups go first and do not count against a sender's daily limit, all steps
    count against the sequence's cap. A row leaves within the sequence's hours only; those behind it that may leave pass
    it.
    """
    idle = list(others)
    elsewhere = [entry for lane in idle for entry in lane.reserved if entry.until > now]
    reserved = elsewhere + [entry for work in works for entry in work.lane.reserved]
    taken = {entry.errand for entry in reserved} | set(over)
    runners = _runners(works, queues, taken, sequence, idle, now)
    while waiting := [runner for runner in runners if runner.running]:
        min(waiting, key=_Runner.turn).step(now + HORIZON, _gap(sequence, rng))
    lanes = [runner.state() for runner in runners]
    watched = elsewhere + [entry for lane in lanes for entry in lane.reserved]
    return [
        Plan(replace(lane, wake_at=_wake_at(lane, runner.next_at, watched, sequence, now)), tuple(runner.slots))
        for lane, runner in zip(lanes, runners, strict=True)
    ]


def rest(lane: Lane, now: int) -> Plan:
    """A lane that may not send sleeps until somebody wakes it, unless somebody just did, or a reservation lapses."""
    times = [entry.until for entry in lane.reserved]
    if _just_woken(lane, now) and lane.wake_at is not None:
        times.append(lane.wake_at)
    return Plan(replace(lane, wake_at=min(times, default=None)))


def _runners(
    works: Sequence[Work], queues: Queues, taken: set[Errand], sequence: Cadence, idle: Sequence[Lane], now: int
) -> list[_Runner]:
    lanes = [*idle, *(work.lane for work in works)]
    cap = _Cap(sequence.daily_cap, lambda day: sum(lane.mails(day) for lane in lanes))
    openings = Openings(sequence.hours)
    orphans = Shelf(queues.orphans, taken, openings, by_due=True)
    first = Shelf(queues.deferred, taken, openings, by_due=True), Shelf(queues.new, taken, openings, by_due=False)
    return [
        _Runner(work, [Shelf(work.follow_ups, taken, openings, by_due=True), orphans], first, cap, now)
        for work in works
    ]


def _gap(sequence: Cadence, rng: Random) -> int:
    return rng.randint(sequence.min_wait_seconds * SECOND, sequence.max_wait_seconds * SECOND)


def _wake_at(
    lane: Lane, next_at: int | None, watched: Iterable[Reservation], sequence: Cadence, now: int
) -> int | None:
    """When to look again: something can leave, a reservation lapses, a follow-up appears, announced work shows."""
    times = [] if next_at is None else [next_at]
    times += [entry.until for entry in watched]
    if _just_woken(lane, now) and lane.wake_at is not None:
        times.append(lane.wake_at)
    delay = min((step.delay_minutes for step in sequence.steps[1:]), default=None)
    if delay is not None:
        appears = [entry.at + delay * MINUTE for entry in lane.reserved]
        times += [max(at, now) for at in appears if at + SETTLES_WITHIN > now]
    return min(times, default=None)


def _just_woken(lane: Lane, now: int) -> bool:
    return lane.woken_at + SETTLES_WITHIN > now
