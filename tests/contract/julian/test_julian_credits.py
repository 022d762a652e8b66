"""Contract 4.6: what was spent, by month and by days."""

import pytest

from drumbeat.domain.times import DAY, MINUTE
from tests.contract.julian.answers import Usage, read, refused
from tests.contract.julian.vendor import office

NOVEMBER = {"startDate": "2026-11-01", "endDate": "2026-11-30", "month": "2026-11"}
FEBRUARY = {"startDate": "2024-02-01", "endDate": "2024-02-29", "month": "2024-02"}
# The clock stands at 2026-11-21 09:00 UTC.


def usage(desk, query=""):
    read(desk.usage(query), Usage)
    return desk.usage(query).body


def test_it_is_the_month_that_is_running_where_none_is_named(desk):
    told = usage(desk)

    assert told["period"] == NOVEMBER
    assert told == usage(desk, "?month=2026-11")
    organization = told["organization"]
    assert organization["allocatedCredits"] == organization["remainingCredits"] > 0
    assert (organization["spentCredits"], organization["percentageUsed"], told["agents"]) == (0, 0, [])


def test_a_month_that_is_over_has_its_days(desk):
    assert usage(desk, "?month=2024-02")["period"] == FEBRUARY


@pytest.mark.parametrize("month", ["2026-1", "2026-13", "2026-00", "26-11", "2026-11-01", "november", "", "2026-12"])
def test_a_month_is_one_that_has_come(desk, month):
    refused(desk.usage(f"?month={month}"), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "days", ["&startDate=2026-11-01", "&endDate=2026-11-02", "&startDate=2026-11-01&endDate=2026-11-02"]
)
def test_a_month_and_days_exclude_each_other(desk, days):
    refused(desk.usage(f"?month=2026-11{days}"), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("days", ["startDate=2026-11-01", "endDate=2026-11-02"])
def test_of_two_days_both_are_needed(desk, days):
    refused(desk.usage(f"?{days}"), 400, "VALIDATION_ERROR")


def test_between_days_only_the_sum_is_known(desk):
    told = usage(desk, "?startDate=2026-11-01&endDate=2026-11-21")

    assert told["period"] == {"startDate": "2026-11-01", "endDate": "2026-11-21"}
    assert told["organization"] == {
        "allocatedCredits": None,
        "spentCredits": 0,
        "remainingCredits": None,
        "percentageUsed": None,
        "heldCredits": None,
    }


@pytest.mark.parametrize(
    ("start", "end", "is_good"),
    [
        ("2026-11-21", "2026-11-21", True),
        ("2025-11-21", "2026-11-21", True),  # 366 days
        ("2025-11-20", "2026-11-21", False),
        ("2026-11-21", "2026-11-22", False),
        ("2026-11-21", "2026-11-20", False),
        ("2026-02-30", "2026-03-01", False),
        ("2026-11-1", "2026-11-02", False),
        ("", "", False),
    ],
)
def test_days_are_at_most_366_and_none_is_to_come(desk, start, end, is_good):
    answer = desk.usage(f"?startDate={start}&endDate={end}")

    assert answer.status == (200 if is_good else 400), answer
    if not is_good:
        refused(answer, 400, "VALIDATION_ERROR")


def test_what_is_allocated_is_set_by_us(desk):
    desk.allocate(7)

    organization = usage(desk)["organization"]

    assert (organization["allocatedCredits"], organization["remainingCredits"]) == (7, 7)


def test_nobody_sees_what_another_organization_has(desk):
    office().allocate(3)

    assert usage(desk)["organization"]["allocatedCredits"] != 3


def test_days_and_months_are_those_of_utc(desk, time):
    """One minute before midnight is today; a minute later the day has begun that was to come."""
    tomorrow = "?startDate=2026-11-22&endDate=2026-11-22"
    time[0] += 15 * 60 * MINUTE - 1
    refused(desk.usage(tomorrow), 400, "VALIDATION_ERROR")
    time[0] += 1
    assert usage(desk, tomorrow)["period"]["endDate"] == "2026-11-22"
    time[0] += 9 * DAY
    assert usage(desk)["period"]["month"] == "2026-12"
