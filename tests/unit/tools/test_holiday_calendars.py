"""The layer's list of public holidays and the package it is made from say the same."""

from datetime import date

import pytest

from drumbeat.adapters.holiday_calendars import ListedCalendars
from drumbeat.domain.schedule import day_of
from tools.holiday_calendars import LIST, days_of, render


def test_the_list_is_what_the_package_says():
    """After an update of the package, run the tool again."""
    assert LIST.read_text("utf-8") == render()


@pytest.mark.parametrize(
    ("name", "country", "part"),
    [("DE", "DE", None), ("DE-BE", "DE", "BE"), ("US-CA", "US", "CA"), ("GB-SCT", "GB", "SCT"), ("IN", "IN", None)],
)
def test_a_calendar_is_read_as_it_was_written(name, country, part):
    days = ListedCalendars().days_of(name)

    assert days
    assert days == days_of(country, part)


@pytest.mark.parametrize(
    ("name", "day", "off"),
    [
        ("DE", date(2026, 12, 25), True),
        ("DE", date(2026, 3, 8), False),
        ("DE-BE", date(2026, 3, 8), True),
        ("US", date(2026, 7, 3), True),  # the fourth is a Saturday
        ("US", date(2036, 12, 25), True),
        ("GB-SCT", date(2027, 4, 26), False),
        ("GB-ENG", date(2027, 3, 29), True),
        ("GB-SCT", date(2027, 3, 29), False),
    ],
)
def test_some_days_off_are_known_by_heart(name, day, off):
    days = ListedCalendars().days_of(name)

    assert days is not None
    assert (day_of(day) in days) is off


@pytest.mark.parametrize("name", ["", "-", "D", "DE-", "DE-XX", "de", "DEU", "XX", "DE:", "DE-BE:20155", ":"])
def test_a_name_that_the_list_does_not_have_names_nothing(name):
    assert ListedCalendars().days_of(name) is None
