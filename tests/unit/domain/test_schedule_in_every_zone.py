"""The first legal instant, against a reference that looks at every minute, in every zone and around every clock change.

The reference asks zoneinfo for the wall clock of each single minute and knows nothing of offsets or changes. From 2025
to 2035 zones change at whole minutes, which it checks. Zones that agree in all those years share its minutes.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, Span, is_zone, next_open
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND

type Changes = tuple[tuple[int, timedelta | None], ...]

FROM, TO = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * SECOND for year in (2025, 2036))
CASES = 100_000
EPOCH = date(1970, 1, 1).toordinal()
ALWAYS = ((Span(0, 1440),),) * 7
NEAR = (-DAY, -2 * HOUR, -MINUTE, -1, 0, 1, HOUR, 17 * HOUR)
ZONES = sorted(filter(is_zone, available_timezones()))


def changes_of(zone: str) -> Changes:
    """The offset at the start, and each instant from which another one holds."""
    clock = ZoneInfo(zone)

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, clock).utcoffset()

    looks = range((FROM - 5 * DAY) // SECOND, (TO + 20 * DAY) // SECOND, DAY // SECOND)
    found = [(0, offset(looks[0]))]
    for before, after in pairwise(looks):
        if offset(after) != offset(before):
            seconds = range(before, after + 1)
            change = seconds[bisect_right(seconds, 0, key=lambda second: offset(second) != offset(before))]
            found.append((change * SECOND, offset(after)))
    return tuple(found)


class Reference:
    """Finds the first legal minute by looking at each one."""

    def __init__(self, zone: str) -> None:
        self._clock = ZoneInfo(zone)
        self._days: dict[int, list[tuple[int, int]]] = {}

    def next_open(self, instant: int, legal: "Legal") -> int:
        start = max(instant, legal.hours.not_before or 0)
        day, passed = divmod(start, DAY)
        minute = legal.on(day, self).find(1, passed // MINUTE)
        while minute < 0:
            day += 1
            minute = legal.on(day, self).find(1)
        return max(start, day * DAY + minute * MINUTE)

    def minutes(self, day: int) -> list[tuple[int, int]]:
        """Local date and minute of the day for every minute of a UTC day."""
        if day not in self._days:
            self._days[day] = [self._look(day * DAY + minute * MINUTE) for minute in range(1440)]
        return self._days[day]

    def _look(self, instant: int) -> tuple[int, int]:
        local = datetime.fromtimestamp(instant // SECOND, self._clock)
        assert local.second == 0
        return local.toordinal(), local.hour * 60 + local.minute


class Legal:
    """Which minutes of a UTC day are legal; worked out once for the cases that share hours and wall clock."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self._week = [bytes(any(s.start <= m < s.end for s in spans) for m in range(1440)) for spans in hours.week]
        self._closed = bytes(1440)
        self._shut = {EPOCH + holiday for holiday in hours.holidays}
        self._days: dict[int, bytes] = {}

    def on(self, day: int, reference: Reference) -> bytes:
        if day not in self._days:
            self._days[day] = bytes(self._local(date)[minute] for date, minute in reference.minutes(day))
        return self._days[day]

    @cache  # noqa: B019
    def _local(self, ordinal: int) -> bytes:
        return self._closed if ordinal in self._shut else self._week[(ordinal + 6) % 7]


def some_hours(rng: Random, around: int) -> Hours:
    """Hours with edges near the hours at which clocks change, and sometimes holidays and a start nearby."""
    edges = sorted(
        rng.sample([0, 1, 30, 60, 61, 90, 119, 120, 121, 150, 180, 181, 240, 540, 1020, 1380, 1439, 1440], 4)
    )
    spans = (Span(edges[0], edges[1]), Span(edges[2], edges[3]))
    week = rng.choice((BUSINESS_HOURS, ALWAYS, (spans,) * 7, (spans, (), spans[:1], spans[1:], (), spans, spans[:1])))
    today = around // DAY
    holidays = frozenset(rng.sample(range(today - 2, today + 4), rng.choice((0, 0, 1, 2))))
    start = rng.choice((None, None, around + rng.randint(-DAY, DAY), around + rng.randint(-2, 2) * HOUR))
    return Hours(week, "UTC", holidays, start)


def instants(changes: Changes, rng: Random) -> list[list[int]]:
    """Right around each change, and on some other days of the years: each inner list lies close together."""
    near = [[at + step for step in NEAR] + [at + rng.randint(-DAY, DAY)] for at, _ in changes if FROM <= at < TO]
    days = [rng.randrange(FROM, TO, DAY) for _ in range(12)]
    return near + [[day + rng.randrange(DAY) for _ in range(6)] for day in days]


def test_the_next_opening_is_the_first_legal_minute_in_every_zone_around_every_change():
    alike: dict[Changes, list[str]] = {}
    for zone in ZONES:
        alike.setdefault(changes_of(zone), []).append(zone)
    cases = 0
    for changes, zones in alike.items():
        reference = Reference(zones[0])
        rng = Random(zones[0])  # noqa: S311
        for close in instants(changes, rng):
            for hours in (some_hours(rng, close[0]), some_hours(rng, close[0])):
                legal = Legal(hours)
                for instant in close:
                    wanted = reference.next_open(instant, legal)
                    for zone in zones:
                        assert next_open(instant, hours, zone) == wanted, (instant, hours, zone)
                        cases += 1

    assert len(ZONES) > 590
    assert cases >= CASES
