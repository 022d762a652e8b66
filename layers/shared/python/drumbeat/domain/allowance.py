"""What may still leave on a UTC day: caps, and the allowances that the lanes of a capped sequence draw from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.lane import RESERVED_FOR, Lane, days_of
from drumbeat.domain.times import MINUTE

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence

AHEAD = 30 * MINUTE
"""How long before midnight the next day's allowances matter: longer than a tick lasts and its mails may take."""
MOST_DRAWS = 99
"""How many draws fit a transaction beside the lane."""
MOST_DRAWN = MOST_DRAWS // 2
"""How many capped sequences a lane hands out slots for in one look: each may draw on two days."""


class AllowanceName(NamedTuple):
    """Which allowance: a capped sequence has one for every UTC day."""

    tenant: int
    sequence: int
    day: int


class Outdated(NamedTuple):
    """What is stored of an allowance that has to begin anew."""

    revision: int
    used: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many steps of a sequence count for a day, and until when the last of their reservations lasts.

    It holds under a `revision` of the sequence's schedule. One that `is_new` begins with what all lanes of the sequence
    count, in place of what is `outdated`, or of nothing.
    """

    used: int
    revision: int
    until: int = 0
    is_new: bool = False
    outdated: Outdated | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """What storing a lane takes out of an allowance as it was seen, or gives back: then `count` is negative."""

    name: AllowanceName
    count: int
    cap: int
    until: int
    seen: Allowance

    @property
    def drawn(self) -> Allowance:
        """The allowance after it."""
        return Allowance(self.seen.used + self.count, self.seen.revision, max(self.seen.until, self.until))


class Cap:
    """How many steps may leave on a UTC day. One that may leave on either of two days counts for both."""

    def __init__(
        self, limit: int | None, counted: Callable[[int], int], lasting: Callable[[int], int] = lambda _: 0
    ) -> None:
        """`counted` says how many count for a day, `lasting` until when the last reservation among them lasts."""
        self._limit = limit
        self._counted = counted
        self._lasting = lasting
        self._known: dict[int, int] = {}
        self._taken: Counter[int] = Counter()
        self._lasts = 0

    def has_room(self, at: int, before: int = 0) -> bool:
        """Whether one more may leave at that instant, after so many others that nobody has counted yet."""
        return self._limit is None or all(self._used(day) + before < self._limit for day in days_of(at))

    def take(self, at: int) -> None:
        self._taken.update(days_of(at))
        self._lasts = max(self._lasts, at + RESERVED_FOR)

    def lasts(self, at: int) -> int:
        """Until when the last reservation lasts that leaves no room at that instant: some may give their place back."""
        return max(self._lasts, *(self._lasting(day) for day in days_of(at)))

    def _used(self, day: int) -> int:
        if day not in self._known:
            self._known[day] = self._counted(day)
        return self._known[day] + self._taken[day]


class Allowances:
    """The allowances as they were read, and what has been drawn since."""

    def __init__(self, known: Mapping[AllowanceName, Allowance]) -> None:
        self._known: defaultdict[tuple[int, int], dict[int, Allowance]] = defaultdict(dict)
        for name, allowance in known.items():
            self._known[name.tenant, name.sequence][name.day] = allowance

    def cap(self, sequence: Sequence, audits: Iterable[tuple[Lane, Lane]]) -> Cap:
        """What lanes may draw that were seen and have been audited: places that those give back are free again."""
        known = self._known[sequence.tenant, sequence.number]
        freed = Counter[int]()
        for seen, audited in audits:
            for day in known:
                freed[day] += _change(sequence.number, seen, audited, day)

        def counted(day: int) -> int:
            """Nobody has looked further ahead than what is known: there is no room."""
            return known[day].used + freed[day] if day in known else sequence.daily_cap or 0

        def lasting(day: int) -> int:
            return known[day].until if day in known else 0

        return Cap(sequence.daily_cap, counted, lasting)

    def draws(self, capped: Iterable[Sequence], seen: Lane, planned: Lane) -> tuple[Draw, ...]:
        """What becomes of the allowances of these sequences when a lane changes: they are what all lanes count.

        If they are too many for a transaction, some places are not given back.
        """
        every = (draw for sequence in capped for draw in self._draws(sequence, seen, planned))
        return tuple(sorted(every, key=lambda draw: -draw.count)[:MOST_DRAWS])

    def note(self, draws: Iterable[Draw]) -> None:
        """These have been drawn."""
        for draw in draws:
            self._known[draw.name.tenant, draw.name.sequence][draw.name.day] = draw.drawn

    def _draws(self, sequence: Sequence, seen: Lane, planned: Lane) -> Iterator[Draw]:
        tenant, number = sequence.tenant, sequence.number
        mine = [entry.until for entry in planned.reserved if entry.enrollment.sequence == number]
        for day, found in self._known[tenant, number].items():
            if count := _change(number, seen, planned, day):
                name = AllowanceName(tenant, number, day)
                yield Draw(name, count, sequence.daily_cap or 0, max(mine, default=0), found)


def days_in_sight(now: int) -> range:
    """The UTC days whose allowances a look needs: today's, and before midnight the next one's."""
    return range(days_of(now)[0], days_of(now + AHEAD)[-1] + 1)


def _change(sequence: int, before: Lane, after: Lane, day: int) -> int:
    """How many more steps of the sequence a lane counts for the day. One that is ahead of it has forgotten the day."""
    more = after.steps_of(sequence, day) - before.steps_of(sequence, day)
    return max(more, 0) if day < after.day else more
