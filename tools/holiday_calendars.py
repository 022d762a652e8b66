"""Writes the layer's list of public holidays from the package `holidays`: python -m tools.holiday_calendars."""

import warnings
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import holidays

YEARS = range(2025, 2037)
LIST = Path(__file__).parents[1] / "layers/shared/python/drumbeat/adapters/holiday_calendars.txt"
_EPOCH = date(1970, 1, 1)


def render() -> str:
    """The list: a line per country, then one per part of it with the days on which they differ."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    for country, parts in sorted(holidays.list_supported_countries(include_aliases=False).items()):
        whole = days_of(country)
        yield _line(country, whole)
        for part in sorted(parts):
            yield _line(f"{country}-{part}", whole ^ days_of(country, part))


def days_of(country: str, part: str | None = None) -> frozenset[int]:
    """The public holidays of all `YEARS`, in days since 1970-01-01."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a calendar that ends before the last year says so
        found = holidays.country_holidays(country, subdiv=part, years=YEARS)
    return frozenset((day - _EPOCH).days for day in found if day.year in YEARS)


def _line(name: str, days: Iterable[int]) -> str:
    ordered = sorted(days)
    gaps = [*ordered[:1], *(later - earlier for earlier, later in pairwise(ordered))]
    return f"{name}:{' '.join(map(str, gaps))}"


if __name__ == "__main__":
    LIST.write_text(render(), "utf-8")
