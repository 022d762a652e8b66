"""Lanes: a sender's pace, and the choice of what leaves at which slot, two minutes ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from drumbeat.domain.delivery import LEASE
from drumbeat.domain.hint import GOOD_FOR
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import DAY, MINUTE, SECOND, utc_day

HORIZON = 2 * MINUTE
"""How far ahead slots are handed out: the timer may be late by a minute without a gap in the pace."""
MOST_SLOTS = 300
RESERVED_FOR = LEASE + GOOD_FOR
"""From its slot on an enrollment stays reserved this long; then its claim, if any, has certainly lapsed."""
SETTLES_WITHIN = 3 * MINUTE
"""How long the queue index may lag behind a write, a slow call that still writes included."""


type Errand = tuple[EnrollmentKey, int, int]
"""One step of one enrollment, under one epoch."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A step that a hint is under way for; nobody else takes it before `until`. The step after it is free."""

    enrollment: EnrollmentKey
    step: int
    epoch: int
    until: int

    @property
    def errand(self) -> Errand:
        """What is reserved."""
        return self.enrollment, self.step, self.epoch


@dataclass(frozen=True, slots=True)
class Lane:
    """The state of a sender's pace.

    `next_free` is the earliest next slot, `day_used` counts first steps reserved on the UTC day `day`. The lane is
    looked at again at `wake_at`, never if None; `woken_at` is when somebody last announced work.
    """

    tenant: int
    sender: int
    revision: int
    wake_at: int | None
    woken_at: int
    next_free: int = 0
    day: int = 0
    day_used: int = 0
    reserved: tuple[Reservation, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enrollment as the queue shows it, which may be a moment behind."""

    enrollment: EnrollmentKey
    step: int
    due: int
    epoch: int

    @property
    def errand(self) -> Errand:
        """What is waiting."""
        return self.enrollment, self.step, self.epoch


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
    """A lane that may send, and the follow-ups bound to it, earliest due first."""

    lane: Lane
    daily_limit: int
    follow_ups: Iterable[Waiting]


class Shelf:
    """What waits in one queue: read only as far as needed, each step taken once."""

    def __init__(self, rows: Iterable[Waiting], taken: set[Errand], *, by_due: bool) -> None:
        self._rows = iter(rows)
        self._taken = taken
        self._by_due = by_due
        self._seen: list[Waiting] = []

    def available_at(self, instant: int) -> int | None:
        """The earliest time from `instant` on at which something can be taken, None if never."""
        if self._first(instant) is not None:
            return instant
        return min((row.due for row in self._seen if row.errand not in self._taken), default=None)

    def take(self, instant: int) -> Waiting:
        """The first one that is due by `instant`; there must be one."""
        row = self._first(instant)
        if row is None:
            raise LookupError("nothing is due")
        self._seen.remove(row)
        self._taken.add(row.errand)
        return row

    def _first(self, instant: int) -> Waiting | None:
        for row in self._seen:
            if row.due <= instant and row.errand not in self._taken:
                return row
        if self._by_due and self._seen and self._seen[-1].due > instant:
            return None
        for row in self._rows:
            if row.errand in self._taken:
                continue
            self._seen.append(row)
            if row.due <= instant:
                return row
            if self._by_due:
                return None
        return None


class _Runner:
    """One lane while its slots are being filled."""

    def __init__(self, work: Work, orphans: Shelf, new: Shelf, taken: set[Errand], now: int) -> None:
        self.lane = work.lane
        self.slot = max(now, work.lane.next_free)
        self.slots: list[Slot] = []
        self.next_at: int | None = None
        self.running = True
        self._limit = work.daily_limit
        self._day, self._used = work.lane.day, work.lane.day_used
        self._bound = (Shelf(work.follow_ups, taken, by_due=True), orphans)
        self._new = new

    def turn(self) -> tuple[int, int, int]:
        """Who is next: the earliest slot, then who has taken least, then who has rested longest.

        The last one matters when one sender is dead: what it could not send goes to another one next time.
        """
        return self.slot, len(self.slots), self.lane.next_free

    def step(self, until: int, gap: int) -> None:
        """Fills one slot, or stops: nothing left to send before `until`, or enough for one look."""
        self.next_at, shelf = self._earliest()
        if self.next_at is None or self.next_at > until or len(self.slots) >= MOST_SLOTS:
            self.running = False
            return
        self.slots.append(Slot(self.next_at, shelf.take(self.next_at)))
        if shelf is self._new:
            self._count(self.next_at)
        self.slot = self.next_at + gap

    def state(self, reserved: tuple[Reservation, ...]) -> Lane:
        """The lane with the slots handed out so far."""
        mine = tuple(Reservation(*slot.waiting.errand, slot.at + RESERVED_FOR) for slot in self.slots)
        next_free = self.slot if self.slots else self.lane.next_free
        return replace(self.lane, next_free=next_free, day=self._day, day_used=self._used, reserved=(*reserved, *mine))

    def _earliest(self) -> tuple[int | None, Shelf]:
        """When and where the lane can take something; follow-ups win a tie."""
        best: int | None = None
        where = self._new
        for shelf in (*self._bound, self._new):
            at = shelf.available_at(self._open_from() if shelf is self._new else self.slot)
            if at is not None and (best is None or at < best):
                best, where = at, shelf
        return best, where

    def _open_from(self) -> int:
        """From when the daily limit leaves room for a first step."""
        today = utc_day(self.slot)
        used = self._used if self._day == today else 0
        return self.slot if used < self._limit else (today + 1) * DAY

    def _count(self, at: int) -> None:
        day = utc_day(at)
        self._used = self._used + 1 if day == self._day else 1
        self._day = day


def plan(
    works: Sequence[Work],
    *,
    sequence: Cadence,
    new: Iterable[Waiting],
    orphans: Iterable[Waiting],
    elsewhere: Iterable[Reservation],
    now: int,
    rng: Random,
) -> list[Plan]:
    """Fills the slots of a sequence's lanes up to the horizon, in the order of the slots.

    `new` are the first steps the lanes share, in the order they shall leave; `orphans` the follow-ups of retired
    senders; `elsewhere` what lanes of the sequence that are not looked at have reserved. Follow-ups go first and do not
    count against the daily limit.
    """
    kept = [tuple(entry for entry in work.lane.reserved if entry.until > now) for work in works]
    reserved = [entry for entry in elsewhere if entry.until > now] + [entry for part in kept for entry in part]
    taken = {entry.errand for entry in reserved}
    shared = Shelf(new, taken, by_due=False)
    adopted = Shelf(orphans, taken, by_due=True)
    runners = [_Runner(work, adopted, shared, taken, now) for work in works]
    while waiting := [runner for runner in runners if runner.running]:
        min(waiting, key=_Runner.turn).step(now + HORIZON, _gap(sequence, rng))
    lanes = [runner.state(part) for runner, part in zip(runners, kept, strict=True)]
    watched = [entry for lane in lanes for entry in lane.reserved] + reserved
    return [
        Plan(replace(lane, wake_at=_wake_at(lane, runner.next_at, watched, sequence, now)), tuple(runner.slots))
        for lane, runner in zip(lanes, runners, strict=True)
    ]


def rest(lane: Lane, now: int) -> Plan:
    """A lane that may not send sleeps until somebody wakes it, unless somebody just did."""
    kept = tuple(entry for entry in lane.reserved if entry.until > now)
    return Plan(replace(lane, reserved=kept, wake_at=lane.wake_at if _just_woken(lane, now) else None))


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
        appears = [entry.until - RESERVED_FOR + delay * MINUTE for entry in lane.reserved]
        times += [max(at, now) for at in appears if at + SETTLES_WITHIN > now]
    return min(times, default=None)


def _just_woken(lane: Lane, now: int) -> bool:
    return lane.woken_at + SETTLES_WITHIN > now
