"""When a row is called: wall clocks, what they skip and show twice, and the call windows (contract 4.3)."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.domain.row_problem import RowProblem
from drumbeat.domain.schedule import Hours, Span, is_open, is_zone
from drumbeat.domain.times import DAY, MINUTE, SECOND, iso
from tests.unit.julian.rows import NOW, accepted, bulk, good, rejected


def windows(start: int, end: int) -> Hours:
    """Every day from one hour to another."""
    return Hours(((Span(start * 60, end * 60),),) * 7, "UTC")


def at(time: str, zone: str | None = "America/New_York", hours: Hours | None = None):
    return bulk(good(scheduledAt=time, timezone=zone), hours=hours)[0]


@pytest.mark.parametrize(
    ("time", "instant"),
    [
        ("2026-12-01T09:00:00Z", "2026-12-01T09:00:00.000Z"),
        ("2026-12-01t09:00:00z", "2026-12-01T09:00:00.000Z"),
        ("2026-12-01T09:00:00.250+01:00", "2026-12-01T08:00:00.250Z"),
        ("2026-12-01T09:00-05:00", "2026-12-01T14:00:00.000Z"),
        ("2026-12-01T09:00:00", "2026-12-01T14:00:00.000Z"),
        (" 2026-12-01 09:00 ", "2026-12-01T14:00:00.000Z"),
    ],
)
def test_a_time_without_an_offset_is_the_wall_clock_s_of_the_row(time, instant):
    assert iso(accepted(at(time)).callee.scheduled_at) == instant


def test_the_wall_clock_is_that_of_the_zone_that_the_row_gets():
    (told,) = bulk(good(scheduledAt="2026-12-01T09:00:00"), timezone="Asia/Tokyo", hours=None)

    assert iso(accepted(told).callee.scheduled_at) == "2026-12-01T00:00:00.000Z"


def test_the_windows_are_looked_at_on_the_clock_of_whoever_is_called():
    morning = "2026-12-01T08:00:00Z"

    assert accepted(at(morning, "Europe/Berlin", windows(9, 17)))
    assert rejected(at(morning, "Europe/London", windows(9, 17))).text == (
        "scheduledAt is outside the call windows (Mon-Sun 09:00-17:00, in Europe/London); "
        "they open next at 2026-12-01T09:00:00+00:00."
    )


def test_the_windows_are_told_by_days_that_are_alike():
    morning, evening = Span(9 * 60, 12 * 60), Span(13 * 60 + 30, 24 * 60)
    hours = Hours(((morning, evening), (morning,), (morning,), (), (), (), (evening,)), "UTC")

    told = rejected(at("2026-12-04T09:00:00Z", "UTC", hours))

    assert "(Mon 09:00-12:00, 13:30-24:00; Tue-Wed 09:00-12:00; Sun 13:30-24:00, in UTC)" in told.text


def test_a_year_ahead_is_the_most():
    assert accepted(at(iso(NOW + 366 * DAY)))
    assert rejected(at(iso(NOW + 366 * DAY + 1))).problems == (RowProblem.TIME_TOO_FAR,)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_the_calendar_are_refused_like_any_other_time(time):
    assert rejected(at(time)).problems in {(RowProblem.TIME_PAST,), (RowProblem.TIME_TOO_FAR,)}


def test_the_skipped_hour_moves_forward_by_the_gap():
    """At 2:00 it became 3:00."""
    row = accepted(at("2027-03-14T02:30:00", hours=windows(3, 4)))

    assert iso(row.callee.scheduled_at) == "2027-03-14T07:30:00.000Z"  # 3:30 EDT
    assert rejected(at("2027-03-14T02:30:00", hours=windows(2, 3))).problems == (RowProblem.TIME_OUTSIDE_WINDOWS,)


def test_of_the_doubled_hour_the_first_is_meant():
    """At 2:00 it became 1:00."""
    row = accepted(at("2027-11-07T01:30:00", hours=windows(1, 2)))

    assert iso(row.callee.scheduled_at) == "2027-11-07T05:30:00.000Z"  # 1:30 EDT
    assert iso(accepted(at("2027-11-07T01:30:00-05:00")).callee.scheduled_at) == "2027-11-07T06:30:00.000Z"


class Change(NamedTuple):
    """Where a zone's clock jumps: the first instant after it, and the offsets on either side."""

    zone: str
    instant: int
    before: timedelta
    after: timedelta


@cache
def changes() -> list[Change]:
    """Every jump of every zone within the year that a call may be scheduled in."""
    found = []
    for zone in sorted(filter(is_zone, available_timezones())):
        offsets = [offset_at(zone, NOW + day * DAY) for day in range(366)]
        for day, (before, after) in enumerate(pairwise(offsets)):
            if before != after:
                found.append(Change(zone, first_after(zone, NOW + day * DAY, before), before, after))
    return found


def offset_at(zone: str, instant: int) -> timedelta:
    offset = datetime.fromtimestamp(instant // SECOND, ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def first_after(zone: str, start: int, before: timedelta) -> int:
    return next(at for at in range(start, start + DAY + 1, MINUTE) if offset_at(zone, at) != before)


@settings(derandomize=True, max_examples=600, deadline=None, database=None)
@given(st.data())
def test_what_the_clock_skips_or_shows_twice_lands_inside_the_window_or_is_refused(data):
    change = data.draw(st.sampled_from(changes()))
    jump = abs(change.after - change.before) // timedelta(minutes=1)
    minute = data.draw(st.integers(0, jump - 1))
    start = data.draw(st.integers(0, 23))
    hours = windows(start, data.draw(st.integers(start + 1, 24)))
    # From here on the clock shows what it skips, or what it showed a while ago.
    first = change.instant if change.after > change.before else change.instant - jump * MINUTE
    meant = first + minute * MINUTE
    wall = datetime.fromtimestamp(meant // SECOND, UTC).replace(tzinfo=None) + change.before

    told = at(wall.isoformat(), change.zone, hours)

    shown = datetime.fromtimestamp(meant // SECOND, ZoneInfo(change.zone))
    if any(span.start <= shown.hour * 60 + shown.minute < span.end for span in hours.week[0]):
        assert accepted(told).callee.scheduled_at == meant
        assert is_open(meant, hours, change.zone)
    else:
        assert rejected(told).problems == (RowProblem.TIME_OUTSIDE_WINDOWS,)
    gap = change.after - change.before
    assert shown.replace(tzinfo=None) == (wall + gap if gap > timedelta() else wall)


def test_the_year_has_jumps_of_both_kinds_and_of_half_an_hour():
    jumps = {change.after - change.before for change in changes()}

    assert jumps >= {timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=30), timedelta(minutes=-30)}
    assert len(changes()) > 200
