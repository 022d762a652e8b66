"""When a mail may leave: spans, holidays and clock changes by example, and what holds for all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, Span, date_of, day_of, is_open, is_zone, next_open
from drumbeat.domain.times import DAY, MINUTE, SECOND

OFFICE = Hours(BUSINESS_HOURS, "UTC")
NIGHT = Hours(((Span(0, 30),),) * 7, "UTC")
REPEATED = Hours(((Span(60, 90),),) * 7, "UTC")
SPANS = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(
    lambda edges: tuple(Span(*pair) for pair in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
HOURS = st.builds(
    Hours,
    st.lists(st.one_of(st.just(()), SPANS), min_size=7, max_size=7).map(tuple).filter(any),
    st.sampled_from(("UTC", "Europe/Berlin", "Africa/Casablanca", "Australia/Lord_Howe", "America/Santiago")),
    st.frozensets(st.integers(20_000, 20_030), max_size=10),
    st.one_of(st.none(), st.integers(20_000 * DAY, 20_030 * DAY)),
)
INSTANTS = st.integers(20_000 * DAY, 20_030 * DAY)


def at(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * SECOND)


def local(instant: int, zone: str) -> str:
    moment = datetime.fromtimestamp(instant // SECOND, ZoneInfo(zone))
    return f"{moment:%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("2026-11-20T09:00", "Fri 2026-11-20 09:00"),
        ("2026-11-20T08:59", "Fri 2026-11-20 09:00"),
        ("2026-11-20T16:59", "Fri 2026-11-20 16:59"),
        ("2026-11-20T17:00", "Mon 2026-11-23 09:00"),
        ("2026-11-21T12:00", "Mon 2026-11-23 09:00"),
    ],
)
def test_business_hours_are_nine_to_five_from_monday_to_friday(asked, answer):
    assert local(next_open(at(asked), OFFICE, None), "UTC") == answer


def test_without_hours_it_is_always_open():
    assert next_open(1_234, None, "Asia/Tokyo") == 1_234


def test_the_zone_asked_for_goes_before_that_of_the_hours():
    tokyo = Hours(BUSINESS_HOURS, "Asia/Tokyo")

    assert local(next_open(at("2026-11-20T00:00"), tokyo, None), "UTC") == "Fri 2026-11-20 00:00"
    assert local(next_open(at("2026-11-20T00:00"), tokyo, "Europe/Berlin"), "UTC") == "Fri 2026-11-20 08:00"


def test_nothing_leaves_on_a_holiday_of_the_local_calendar():
    christmas = Hours(BUSINESS_HOURS, "UTC", frozenset({day_of(date(2026, 12, 25))}))

    assert local(next_open(at("2026-12-24T23:00"), christmas, "Asia/Tokyo"), "Asia/Tokyo") == "Mon 2026-12-28 09:00"
    assert local(next_open(at("2026-12-24T20:00"), christmas, None), "UTC") == "Mon 2026-12-28 09:00"


def test_nothing_leaves_before_the_start():
    start = Hours(BUSINESS_HOURS, "UTC", not_before=at("2027-03-02T10:30"))

    assert next_open(at("2026-11-20T10:00"), start, None) == at("2027-03-02T10:30")
    assert local(next_open(at("2026-11-20T10:00"), start, "Asia/Tokyo"), "Asia/Tokyo") == "Wed 2027-03-03 09:00"


def test_the_first_legal_instant_may_lie_within_a_minute():
    odd = at("2026-11-20T10:00") + 12_345

    assert next_open(odd, OFFICE, None) == odd


@pytest.mark.parametrize(
    ("hours", "zone", "asked", "answer"),
    [
        # Midnight does not exist: the day, and the span, begin at one; what the gap swallows stays closed.
        (Hours(((Span(0, 90),),) * 7, "UTC"), "America/Santiago", "2026-09-05T23:00", "Sun 2026-09-06 01:00"),
        (NIGHT, "America/Santiago", "2026-09-05T23:00", "Mon 2026-09-07 00:00"),
        # A whole date does not exist: from Thursday the clock went on with Saturday.
        (OFFICE, "Pacific/Apia", "2011-12-29T17:00", "Mon 2012-01-02 09:00"),
        (NIGHT, "Pacific/Apia", "2011-12-29T01:00", "Sat 2011-12-31 00:00"),
        # Half an hour of summer time.
        (Hours(((Span(120, 135),),) * 7, "UTC"), "Australia/Lord_Howe", "2026-10-03T12:00", "Mon 2026-10-05 02:00"),
        (Hours(((Span(120, 160),),) * 7, "UTC"), "Australia/Lord_Howe", "2026-10-03T12:00", "Sun 2026-10-04 02:30"),
    ],
)
def test_clock_changes_open_at_the_first_minute_that_exists(hours, zone, asked, answer):
    assert local(next_open(at(asked, zone), hours, zone), zone) == answer


def test_a_span_within_the_repeated_hour_opens_twice():
    first = at("2026-11-01T05:00")  # 01:00 in New York, for the first time
    zone = "America/New_York"

    assert next_open(first - MINUTE, REPEATED, zone) == first
    assert is_open(first + 29 * MINUTE, REPEATED, zone)
    assert next_open(first + 30 * MINUTE, REPEATED, zone) == first + 60 * MINUTE


def test_offsets_of_odd_seconds_are_kept():
    """Monrovia was 44:30 behind until 1972."""
    opens = next_open(at("1971-06-01T00:00"), OFFICE, "Africa/Monrovia")

    assert datetime.fromtimestamp(opens / SECOND, UTC) == datetime(1971, 6, 1, 9, 44, 30, tzinfo=UTC)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(INSTANTS, HOURS)
def test_the_answer_is_open_now_or_later_and_stays_when_asked_again(instant, hours):
    opens = next_open(instant, hours, None)
    wall = datetime.fromtimestamp(opens // SECOND, ZoneInfo(hours.zone))
    minute = wall.hour * 60 + wall.minute

    assert opens >= max(instant, hours.not_before or 0)
    assert any(span.start <= minute < span.end for span in hours.week[wall.weekday()])
    assert day_of(wall.date()) not in hours.holidays
    assert next_open(opens, hours, None) == opens


@settings(derandomize=True, max_examples=400, deadline=None)
@given(INSTANTS, st.integers(0, 10 * DAY), HOURS)
def test_asking_from_later_never_answers_earlier(instant, later, hours):
    """And from before the opening the answer is the same: nothing open is passed over."""
    opens = next_open(instant, hours, None)
    again = next_open(instant + later, hours, None)

    assert again >= opens
    assert instant + later > opens or again == opens


def test_holidays_for_years_are_passed_over():
    shut = frozenset(range(day_of(date(2026, 1, 1)), day_of(date(2036, 1, 1))))

    assert local(next_open(at("2026-06-01T00:00"), Hours(BUSINESS_HOURS, "UTC", shut), None), "UTC") == (
        "Tue 2036-01-01 09:00"
    )


@pytest.mark.parametrize(("start", "end"), [(-1, 10), (10, 10), (11, 10), (0, 1441)])
def test_a_span_lies_within_a_day_and_holds_something(start, end):
    with pytest.raises(ValueError, match="span"):
        Span(start, end)


@pytest.mark.parametrize(
    "week",
    [
        (),
        ((),) * 7,
        BUSINESS_HOURS[:6],
        ((Span(10, 20), Span(15, 30)),) * 7,
        ((Span(20, 30), Span(0, 10)),) * 7,
    ],
)
def test_hours_that_never_open_or_are_out_of_order_are_no_hours(week):
    with pytest.raises(ValueError, match=r"week|spans"):
        Hours(week, "UTC")


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "GMT0"])
def test_a_zone_is_known_by_its_iana_name(name):
    assert is_zone(name)


@pytest.mark.parametrize(
    "name",
    ["", "Berlin", "America", "../zoneinfo/UTC", "/etc/localtime", "posix/UTC", "localtime", "Factory", "A\0B", "Ä"],
)
def test_anything_else_is_no_zone(name):
    assert not is_zone(name)


def test_days_are_counted_from_1970():
    assert day_of(date(1970, 1, 1)) == 0
    assert date_of(day_of(date(2026, 11, 21))) == date(2026, 11, 21)
    assert date_of(1) - date_of(0) == timedelta(days=1)
