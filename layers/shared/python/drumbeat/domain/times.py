"""Instants: UTC milliseconds since 1970 inside, ISO 8601 with a Z outside."""

from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def iso(instant: int) -> str:
    """`instant` as ISO 8601 in UTC with milliseconds, e.g. 2026-11-21T08:00:00.000Z."""
    moment = datetime.fromtimestamp(instant // SECOND, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant % SECOND:03d}Z"


def iso_or_none(instant: int | None) -> str | None:
    """`iso`, where an instant that never was stays null."""
    return None if instant is None else iso(instant)


def utc_day(instant: int) -> int:
    """The number of the UTC day that `instant` lies in."""
    return instant // DAY
