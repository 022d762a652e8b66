"""Hours as our own API says them: spans of weekdays, holidays by calendar and date, in a time zone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from drumbeat.domain.schedule import Span, Week, date_of

if TYPE_CHECKING:
    from drumbeat.domain.opening_hours import Holidays, TenantHours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def check_apart(spans: list[Span]) -> None:
    """Raises ValueError for spans of one day that overlap."""
    if any(one.end > other.start for one, other in pairwise(sorted(spans))):
        raise ValueError("the spans of a day must not overlap")


def hours_body(hours: TenantHours) -> dict[str, Any]:
    """What sequences inherit."""
    return {
        "time_zone": hours.zone,
        "week": week_body(hours.week),
        "holidays": holidays_body(hours.holidays),
    }


def week_body(week: Week) -> dict[str, list[dict[str, str]]]:
    """The week by the names of its days."""
    return {
        name: [{"from": time_of(span.start), "to": time_of(span.end)} for span in spans]
        for name, spans in zip(WEEKDAYS, week, strict=True)
    }


def holidays_body(holidays: Holidays) -> dict[str, list[str]]:
    """Calendars and dates."""
    return {"calendars": list(holidays.calendars), "dates": [date_of(day).isoformat() for day in holidays.dates]}


def minute_of(time: str) -> int:
    """The minute of the local day that a time of it is."""
    return int(time[:2]) * 60 + int(time[3:])


def time_of(minute: int) -> str:
    """A minute of the local day as a time of it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
