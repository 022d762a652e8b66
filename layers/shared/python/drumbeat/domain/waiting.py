"""What waits in the queues: read only as far as needed, taken in order by whoever may send it at that time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from drumbeat.domain.enrollment import Awaits
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import Errand
from drumbeat.domain.schedule import Hours, next_open

CLOCK_SKEW = 100
"""How far a worker's clock may be behind the dispatcher's: it must not find a step to be not due yet."""
MOST_PASSED_OVER = 500
"""How many rows of a queue are kept in sight that can't leave yet; what is behind them waits until one of them does."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enrollment as the queue shows it, which may be a moment behind; only its sender may send a `bound` one.

    `awaits` and `drafted` are the enrollment's: they tell whether its step is a mail (`is_mail`).
    """

    enrollment: EnrollmentKey
    step: int
    due: int
    epoch: int
    zone: str | None = None
    bound: bool = False
    awaits: Awaits | None = None
    drafted: int | None = None

    @property
    def errand(self) -> Errand:
        """What is waiting."""
        return self.enrollment, self.step, self.epoch

    @property
    def ready(self) -> int:
        """From when it is due on every clock."""
        return self.due + CLOCK_SKEW


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
    """One queue: each step is taken once, by `taken` from whichever shelf it stands on."""

    def __init__(self, rows: Iterable[Waiting], taken: set[Errand], openings: Openings, *, by_due: bool) -> None:
        self._rows = iter(rows)
        self._taken = taken
        self._openings = openings
        self._by_due = by_due
        self._seen: list[Waiting] = []
        self.is_bare = True
        """Whether nothing has been found on it so far."""

    def available_at(self, instant: int) -> int | None:
        """The earliest time from `instant` on at which something in sight can be taken, None if nothing is."""
        best: int | None = None
        for row in self._in_order():
            opens = self._opens(row, instant)
            best = opens if best is None else min(best, opens)
            if best == instant or (self._by_due and row.ready >= best):
                return best
        return best

    def take(self, instant: int) -> Waiting:
        """The first one that may leave at `instant`; there must be one (`available_at`)."""
        for row in self._in_order():
            if self._opens(row, instant) == instant:
                self._seen.remove(row)
                self._taken.add(row.errand)
                return row
        raise LookupError("nothing may leave")

    def _opens(self, row: Waiting, instant: int) -> int:
        return self._openings.after(max(instant, row.ready), row.zone)

    def _in_order(self) -> Iterator[Waiting]:
        """What is there, the first in the queue first; reads on only while it is asked for more."""
        self._seen = [row for row in self._seen if row.errand not in self._taken]
        yield from self._seen.copy()
        while len(self._seen) < MOST_PASSED_OVER:
            row = next(self._rows, None)
            if row is None:
                return
            self.is_bare = False
            if row.errand not in self._taken:
                self._seen.append(row)
                yield row
