"""What a schedule comes to: the sequence's own where it asks, the tenant's where it does not."""

from datetime import date

import pytest

from drumbeat.domain.errors import ValidationFailed
from drumbeat.domain.opening_hours import Holidays, Schedule, TenantHours, check_opens, hours_of
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, Span, day_of, is_open
from drumbeat.domain.times import DAY

CALENDARS = {"DE": frozenset({20_100, 20_200}), "FR": frozenset({20_300})}
NIGHTS = ((Span(0, 60),),) * 7
TENANT = TenantHours("Asia/Tokyo", NIGHTS, Holidays(("DE",), (20_150,)))
NOW = 20_000 * DAY


def _hours(tenant: TenantHours = TENANT, **asked) -> Hours | None:
    return hours_of(Schedule(**asked), tenant, CALENDARS.get)


def test_a_sequence_that_asks_for_nothing_sends_at_any_time():
    assert _hours() is None
    assert _hours(zone="Europe/Berlin") is None


def test_business_hours_are_the_tenant_s():
    assert _hours(business_hours_only=True) == Hours(NIGHTS, "Asia/Tokyo", frozenset({20_100, 20_200, 20_150}))


def test_a_tenant_that_said_nothing_has_nine_to_five():
    assert _hours(TenantHours(), business_hours_only=True) == Hours(BUSINESS_HOURS, "UTC")


def test_what_a_sequence_asks_for_goes_before_the_tenant_s():
    own = _hours(
        business_hours_only=True, zone="Europe/Paris", week=BUSINESS_HOURS, holidays=Holidays(("FR",), (20_310,))
    )

    assert own == Hours(BUSINESS_HOURS, "Europe/Paris", frozenset({20_300, 20_310}))


def test_no_holidays_of_one_s_own_are_none_at_all():
    assert _hours(business_hours_only=True, holidays=Holidays()) == Hours(NIGHTS, "Asia/Tokyo")


def test_outside_business_hours_only_its_own_holidays_and_start_hold_a_sequence_back():
    hours = _hours(holidays=Holidays(("FR",)), not_before=NOW + 1)

    assert hours is not None
    assert hours.holidays == CALENDARS["FR"]
    assert not is_open(NOW, hours, "UTC")
    assert is_open(NOW + 1, hours, "UTC")
    assert not is_open(20_300 * DAY, hours, "UTC")


def test_a_calendar_that_nobody_knows_is_refused_by_its_place():
    with pytest.raises(ValidationFailed, match="no calendar XX") as refusal:
        _hours(business_hours_only=True, holidays=Holidays(("DE", "XX")))

    assert refusal.value.details["errors"][0]["field"] == "holidays.calendars.1"


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (Hours(BUSINESS_HOURS, "UTC", not_before=NOW + 2000 * DAY), "not_before"),
        (Hours(BUSINESS_HOURS, "UTC", frozenset(range(20_000, 20_400))), "holidays"),
        (Hours(BUSINESS_HOURS, "UTC", frozenset(range(20_500, 20_900)), not_before=NOW + 500 * DAY), "holidays"),
    ],
)
def test_hours_that_do_not_open_for_a_year_are_a_slip(hours, field):
    with pytest.raises(ValidationFailed) as refusal:
        check_opens(hours, NOW)

    assert refusal.value.details["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "hours",
    [
        None,
        Hours(BUSINESS_HOURS, "UTC", not_before=day_of(date(1999, 1, 1)) * DAY),
        Hours(BUSINESS_HOURS, "UTC", frozenset(range(20_000, 20_300)), not_before=NOW + 1000 * DAY),
    ],
)
def test_other_hours_are_taken(hours):
    check_opens(hours, NOW)
