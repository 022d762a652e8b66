"""A sequence's schedule as our own API says it, with the hours that it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.dialects.drumbeat.hours import holidays_body, week_body
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.schedule import Hours, date_of, next_open
from drumbeat.domain.times import DAY, iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence

_SHOWN_AHEAD = 366


def sequence_number(tenant: int, spelled: str) -> int:
    """The number behind a sequence's id. Raises NotFound for anything else."""
    number = resource_number(Kind.SEQUENCE, tenant, spelled)
    if number is None:
        raise NotFound("sequence")
    return number


def schedule_body(sequence: Sequence, now: int) -> dict[str, Any]:
    """What was asked for, the hours that count, and the first instant from now on that they allow."""
    asked = sequence.schedule or Schedule()
    return {
        "sequence_id": resource_uuid(Kind.SEQUENCE, sequence.tenant, sequence.number),
        "business_hours_only": asked.business_hours_only,
        "time_zone": asked.zone,
        "week": None if asked.week is None else week_body(asked.week),
        "holidays": None if asked.holidays is None else holidays_body(asked.holidays),
        "not_before": iso_or_none(asked.not_before),
        "daily_cap": sequence.daily_cap,
        "hours": None if sequence.hours is None else _hours_body(sequence.hours, now),
        "next_open_at": iso(next_open(now, sequence.hours, None)),
    }


def _hours_body(hours: Hours, now: int) -> dict[str, Any]:
    today = now // DAY
    ahead = sorted(day for day in hours.holidays if today - 1 <= day <= today + _SHOWN_AHEAD)
    return {
        "time_zone": hours.zone,
        "week": week_body(hours.week),
        "holidays": [date_of(day).isoformat() for day in ahead],
    }
