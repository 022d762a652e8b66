"""When a mail may leave: hours of the week in a time zone, without holidays, and the first legal instant from another.

A wall clock runs evenly until its zone changes the offset, and then starts anew somewhere else. So the next opening is
found by reckoning on an even clock as far as the next change, and from that change again: gaps, repeated hours and
skipped dates need no cases of their own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from drumbeat.domain.times import DAY, MINUTE, SECOND

MINUTES_OF_DAY = 24 * 60
_EPOCH = date(1970, 1, 1).toordinal()
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_THURSDAY = 3
"""The weekday of day 0."""
_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules", "posix", "right"})
"""What directories of time zones hold beside the zones."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Minutes of the local day, the end excluded. Raises ValueError outside a day or when it holds nothing."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MINUTES_OF_DAY:
            raise ValueError("a span ends after it starts, within one day")


type Week = tuple[tuple[Span, ...], ...]
"""The spans of each weekday, Monday first."""

BUSINESS_HOURS: Week = ((Span(9 * 60, 17 * 60),),) * 5 + ((), ())


@dataclass(frozen=True, slots=True)
class Hours:
    """When mails may leave, on the wall clock of `zone` unless another one is asked for.

    `week` has the spans of every weekday, Monday first, in order and apart. `holidays` are local dates, counted in days
    since 1970-01-01; nothing leaves on them, nor before the instant `not_before`. Raises ValueError for a week that is
    none, or never opens: whatever is constructed opens some day.
    """

    week: Week
    zone: str
    holidays: frozenset[int] = frozenset()
    not_before: int | None = None

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a week has seven days, and opens on one of them")
        for spans in self.week:
            if any(one.end > other.start for one, other in pairwise(spans)):
                raise ValueError("the spans of a day are in order and do not overlap")


def next_open(instant: int, hours: Hours | None, zone: str | None) -> int:
    """The first legal instant from `instant` on, in `zone` or else the hours' own; without hours always `instant`.

    Raises ZoneInfoNotFoundError for a zone that nobody knows; what is stored has been checked by `is_zone`.
    """
    if hours is None:
        return instant
    clock = _clock(zone or hours.zone)
    at = instant if hours.not_before is None else max(instant, hours.not_before)
    while True:
        offset = _offset(at, clock)
        wall = at + offset
        opening = at + _opening(wall, hours) - wall
        change = None if opening == at else _change(at, opening, clock)
        if change is None:
            return opening
        at = change


def is_open(instant: int, hours: Hours | None, zone: str | None) -> bool:
    """Whether a mail may leave at `instant`. Raises what `next_open` does."""
    return next_open(instant, hours, zone) == instant


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone, spelled exactly."""
    if name.split("/", 1)[0] in _NOT_PLACES:
        return False
    try:
        return _clock(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def local_time(instant: int, zone: str) -> datetime:
    """What the wall clock of a zone shows. Raises ZoneInfoNotFoundError."""
    return datetime.fromtimestamp(instant / SECOND, _clock(zone))


def instant_of(moment: datetime, zone: str) -> int:
    """The instant of a moment; one without an offset is the wall clock's in `zone`. Raises ZoneInfoNotFoundError.

    A time that the clock skips moves forward by the gap; of a time that it shows twice the first one is meant.
    """
    aware = moment.replace(tzinfo=_clock(zone), fold=0) if moment.tzinfo is None else moment
    return (aware - _ZERO) // _MILLISECOND


def day_of(local: date) -> int:
    """A date as `Hours.holidays` counts it."""
    return local.toordinal() - _EPOCH


def date_of(day: int) -> date:
    """The date that `day_of` counted."""
    return date.fromordinal(day + _EPOCH)


@cache
def _clock(zone: str) -> ZoneInfo:
    """ZoneInfo itself keeps only the eight zones used last and reads the others from files again."""
    return ZoneInfo(zone)


def _offset(instant: int, clock: ZoneInfo) -> int:
    """How far the wall clock is ahead of UTC, in milliseconds. Offsets change at whole seconds only."""
    ahead = datetime.fromtimestamp(instant // SECOND, clock).utcoffset()
    return 0 if ahead is None else ahead.days * DAY + ahead.seconds * SECOND


def _opening(wall: int, hours: Hours) -> int:
    """The first open time from `wall` on, if the clock ran evenly for ever.

    It ends: holidays are a finite number of days, and the week opens on one of its own.
    """
    day, passed = divmod(wall, DAY)
    while True:
        if day not in hours.holidays:
            for span in hours.week[(day + _THURSDAY) % 7]:
                if passed < span.end * MINUTE:
                    return day * DAY + max(passed, span.start * MINUTE)
        day, passed = day + 1, 0


def _change(start: int, end: int, clock: ZoneInfo) -> int | None:
    """The first instant after `start`, up to `end`, at which the wall clock jumps.

    Looks once a day: no zone has ever jumped there and back within one.
    """
    offset = _offset(start, clock)
    while start < end:
        ahead = min(start + DAY, end)
        if _offset(ahead, clock) != offset:
            return _first_second(start // SECOND, ahead // SECOND, offset, clock) * SECOND
        start = ahead
    return None


def _first_second(before: int, after: int, offset: int, clock: ZoneInfo) -> int:
    """Between two seconds on either side of a change, the first one with another offset."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle * SECOND, clock) == offset:
            before = middle
        else:
            after = middle
    return after
