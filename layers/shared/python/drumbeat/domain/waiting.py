"""What waits in the queues: read only as far as needed, taken in order by whoever may send it at that time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.enrollment import Awaits, is_anytime, is_mail
from drumbeat.domain.hint import Counts
from drumbeat.domain.schedule import Hours, next_open
from drumbeat.domain.sequence import Sequence, StepKind

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.lane import Errand, Reservation

CLOCK_SKEW = 100
"""How far a worker's clock may be behind the dispatcher's: it must not find a step to be not due yet."""
MOST_PASSED_OVER = 500
"""How many rows of a queue are kept in sight that can't leave yet; what is behind them waits until one of them does."""
MOST_ERRANDS_PASSED = 5_000
"""How many rows that are no mails are read to find a mail behind them."""
MOST_MAILS_PASSED = 1_000
"""How many rows of other kinds are read to find what is no mail: mails may wait for their turn for days."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enrollment as the queue shows it, which may be a moment behind; only its sender may send a `bound` one.

    `awaits` and `drafted` are the enrollment's: they tell whether its step is a mail (`is_mail`). What may leave
    `anytime` waits for no hours (`is_anytime`).
    """

    enrollment: EnrollmentKey
    step: int
    due: int
    epoch: int
    zone: str | None = None
    bound: bool = False
    awaits: Awaits | None = None
    drafted: int | None = None
    anytime: bool = False

    @property
    def errand(self) -> Errand:
        """What is waiting."""
        return self.enrollment, self.step, self.epoch

    @property
    def ready(self) -> int:
        """From when it is due on every clock."""
        return self.due + CLOCK_SKEW


def counts_of(sequence: Sequence, row: Waiting) -> Counts:
    """What a row of the sequence's queues counts for if it is handed out now.

    Where all steps are mails that need nothing, everything counts as one: rows that await an answer, or whose step is
    gone, are left over from other steps.
    """
    if not has_errands(sequence):
        return Counts.MAIL
    if row.step >= len(sequence.steps):
        return Counts.NOTHING
    step = sequence.steps[row.step]
    if is_mail(step, row.step, row.awaits, row.drafted):
        return Counts.MAIL
    is_asked_for = step.is_of_app and row.awaits is None
    return Counts.STEP if is_asked_for else Counts.NOTHING


def has_errands(sequence: Sequence) -> bool:
    """Whether some of its rows may be no mails."""
    return any(step.kind is not StepKind.EMAIL or step.is_drafted for step in sequence.steps)


class Taken:
    """What is reserved, or has been taken in this look."""

    def __init__(self, reserved: Iterable[Reservation] = (), over: Iterable[Errand] = ()) -> None:
        self._errands = set(over)
        self._asked: set[Errand] = set()
        for entry in reserved:
            (self._errands if entry.counts else self._asked).add(entry.errand)

    def add(self, row: Waiting) -> None:
        self._errands.add(row.errand)

    def __contains__(self, row: Waiting) -> bool:
        """What was reserved to ask for a draft that is there by now is free to be sent."""
        is_asked = row.errand in self._asked and row.drafted != row.step
        return is_asked or row.errand in self._errands


class Openings:
    """When a sequence's hours next allow a mail, reckoned once for each instant and zone."""

    def __init__(self, hours: Hours | None) -> None:
        self._hours = hours
        self._known: dict[tuple[int, str | None], int] = {}

    def after(self, instant: int, zone: str | None) -> int:
        """The first legal instant from `instant` on for a contact in `zone`."""
        if self._hours is None:
            return instant
        if (instant, zone) not in self._known:
            self._known[instant, zone] = next_open(instant, self._hours, zone)
        return self._known[instant, zone]


class Shelf:
    """One queue: each step is taken once, by `taken` from whichever shelf it stands on.

    What its rows count for is found by `counts`: each kind is looked for and taken by itself, past the rows of others.
    """

    def __init__(
        self,
        rows: Iterable[Waiting],
        taken: Taken,
        openings: Openings,
        *,
        by_due: bool,
        counts: Callable[[Waiting], Counts] = lambda _: Counts.MAIL,
        until: int | None = None,
    ) -> None:
        """In a queue by due time nobody looks past rows of another kind that are due after `until`."""
        self._rows = iter(rows)
        self._taken = taken
        self._openings = openings
        self._by_due = by_due
        self._counts = counts
        self._until = until if by_due else None
        self._seen: dict[Counts, list[tuple[int, Waiting]]] = {kind: [] for kind in Counts}
        self._read = 0
        self._is_read = False
        self._unread_from: int | None = None
        self.is_bare = True
        """Whether nothing has been found on it so far."""

    def available_at(self, instant: int, kind: Counts = Counts.MAIL) -> int | None:
        """The earliest time from `instant` on at which something in sight can be taken, None if nothing is.

        Nothing is known of what is due after `until` behind another kind: it may be able to leave as soon as it is due.
        """
        best: int | None = None
        for row in self._in_order(kind):
            opens = self._opens(row, instant)
            best = opens if best is None else min(best, opens)
            if best == instant or (self._by_due and row.ready >= best):
                return best
        if self._unread_from is not None:
            unread = max(instant, self._unread_from)
            best = unread if best is None else min(best, unread)
        return best

    def take(self, instant: int, kind: Counts = Counts.MAIL) -> Waiting:
        """The first one that may leave at `instant`; there must be one (`available_at`)."""
        for row in self._in_order(kind):
            if self._opens(row, instant) == instant:
                self._taken.add(row)
                return row
        raise LookupError("nothing may leave")

    def mails_before(self, kind: Counts) -> int:
        """How many mails in sight stand before the first row of the kind."""
        first = next((place for place, row in self._seen[kind] if row not in self._taken), None)
        mails = self._seen[Counts.MAIL]
        return 0 if first is None else sum(row not in self._taken for _, row in mails[: bisect_left(mails, (first,))])

    def _opens(self, row: Waiting, instant: int) -> int:
        soonest = max(instant, row.ready)
        if is_anytime(row.anytime, row.due, soonest):
            return soonest
        return self._openings.after(soonest, row.zone)

    def _in_order(self, kind: Counts) -> Iterator[Waiting]:
        """What is there, the first in the queue first; reads on only while it is asked for more."""
        mine, place = self._seen[kind], 0
        while place < len(mine) or self._reads_on(kind):
            row = mine[place][1]
            if row in self._taken:
                del mine[place]
            else:
                yield row
                place += 1

    def _reads_on(self, kind: Counts) -> bool:
        """Whether one more of the kind has come into sight."""
        while self._may_read(kind):
            row = next(self._rows, None)
            if row is None:
                self._is_read = True
                return False
            self.is_bare = False
            found = self._counts(row)
            self._read += 1
            self._seen[found].append((self._read, row))
            if found is kind:
                return True
            if self._until is not None and row.ready > self._until:
                self._is_read, self._unread_from = True, row.ready
        return False

    def _may_read(self, kind: Counts) -> bool:
        others = sum(len(rows) for other, rows in self._seen.items() if other is not kind)
        most = MOST_ERRANDS_PASSED if kind is Counts.MAIL else MOST_MAILS_PASSED
        return not self._is_read and len(self._seen[kind]) < MOST_PASSED_OVER and others < most
