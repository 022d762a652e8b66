"""What a tenant and a sequence ask of the hours, and the hours that come of it."""

from collections.abc import Callable
from dataclasses import dataclass

from drumbeat.domain.errors import invalid_field
from drumbeat.domain.schedule import BUSINESS_HOURS, MINUTES_OF_DAY, Hours, Span, Week, next_open
from drumbeat.domain.times import DAY

MOST_AHEAD = 5 * 366 * DAY
"""How far away a start may lie; a later one is a slip."""
LONGEST_PAUSE = 366 * DAY
_ANY_TIME: Week = ((Span(0, MINUTES_OF_DAY),),) * 7

type DaysOf = Callable[[str], frozenset[int] | None]
"""The days of a holiday calendar, counted as `Hours.holidays` does; None for one that nobody knows."""


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days off: those of calendars, named by country and part of it (`DE`, `DE-BY`), and dates of one's own."""

    calendars: tuple[str, ...] = ()
    dates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TenantHours:
    """What a tenant's sequences have where they ask for nothing else; `revision` counts the changes."""

    zone: str = "UTC"
    week: Week = BUSINESS_HOURS
    holidays: Holidays = Holidays()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a sequence asks to send; where it says None, the tenant's hours are meant.

    Without `business_hours_only` it sends at any time, on any day but holidays of its own. `revision` counts changes.
    """

    business_hours_only: bool = False
    zone: str | None = None
    week: Week | None = None
    holidays: Holidays | None = None
    not_before: int | None = None
    revision: int = 0


def hours_of(schedule: Schedule, tenant: TenantHours, days_of: DaysOf) -> Hours | None:
    """The hours that a schedule comes to, None if it may send at any time.

    Raises ValidationFailed for a holiday calendar that nobody knows.
    """
    if schedule.business_hours_only:
        week, holidays = schedule.week or tenant.week, schedule.holidays or tenant.holidays
    else:
        week, holidays = _ANY_TIME, schedule.holidays or Holidays()
    days = days_off(holidays, days_of)
    if not schedule.business_hours_only and not days and schedule.not_before is None:
        return None
    return Hours(week, schedule.zone or tenant.zone, days, schedule.not_before)


def days_off(holidays: Holidays, days_of: DaysOf) -> frozenset[int]:
    """All days of the calendars, and the dates. Raises ValidationFailed for a calendar that nobody knows."""
    days = set(holidays.dates)
    for place, name in enumerate(holidays.calendars):
        known = days_of(name)
        if known is None:
            raise invalid_field(f"holidays.calendars.{place}", f"there is no calendar {name}")
        days |= known
    return frozenset(days)


def check_opens(hours: Hours | None, now: int) -> None:
    """Refuses hours that are a slip. Raises ValidationFailed: a start years ahead, or no opening for a year."""
    if hours is None:
        return
    start = max(now, hours.not_before or now)
    if start > now + MOST_AHEAD:
        raise invalid_field("not_before", "lies more than five years ahead")
    if next_open(start, hours, None) > start + LONGEST_PAUSE:
        raise invalid_field("holidays", "leave no opening for more than a year")
