"""Days of UTC as query parameters give them."""

import re
from datetime import date

from drumbeat.domain.errors import invalid_field
from drumbeat.domain.schedule import day_of

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR = 1970


def day_asked_for(name: str, text: str) -> int:
    """The day, counted like `utc_day`. Raises ValidationFailed."""
    day = read_date(text) if _DATE.fullmatch(text) else None
    if day is None:
        raise invalid_field(name, "must be a date such as 2026-11-21")
    return day_of(day)


def read_date(text: str) -> date | None:
    """The date; None if it is none, or before everything we count."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR else None
