"""Public holidays of countries and their parts, from the list beside this module (tools/holiday_calendars.py)."""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

_LIST = Path(__file__).with_name("holiday_calendars.txt")


class ListedCalendars:
    """The calendars of the list.

    A line is a name, the first day since 1970-01-01, and the gaps to the next ones. A part of a country has only the
    days on which it differs from it.
    """

    def days_of(self, name: str) -> frozenset[int] | None:
        """The days of the calendar `DE` or `DE-BY`, None if the list has none of this name."""
        country, part, _ = name.partition("-")
        lines = dict(_lines(country))
        if name not in lines:
            return None
        days = _days(lines[country])
        return days ^ _days(lines[name]) if part else days


def _lines(country: str) -> Iterator[tuple[str, str]]:
    for line in _LIST.read_text("utf-8").splitlines():
        if line.startswith(country):
            name, _, rest = line.partition(":")
            yield name, rest


def _days(gaps: str) -> frozenset[int]:
    return frozenset(accumulate(map(int, gaps.split())))
