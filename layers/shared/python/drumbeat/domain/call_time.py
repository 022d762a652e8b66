"""When somebody shall be called: what a row's time and the call windows come to, and how they are told."""

import re
from datetime import datetime
from itertools import groupby

from drumbeat.domain.schedule import Hours, Span, instant_of, local_time, next_open
from drumbeat.domain.times import DAY

MOST_AHEAD = 366 * DAY
"""How far away a call may be scheduled."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)


def instant_in(text: str, zone: str) -> int | None:
    """The instant of an ISO 8601 date and time, None for any other text.

    Without an offset it is the wall clock's in `zone`, read as `schedule.instant_of` does.
    """
    if not _DATE_TIME.fullmatch(text):
        return None
    try:
        return instant_of(datetime.fromisoformat(text.upper()), zone)
    except (ValueError, OverflowError):
        return None


def windows_in_words(hours: Hours) -> str:
    """The hours of the week, days that are alike together: `Mon-Fri 09:00-17:00`."""
    parts = []
    for spans, group in groupby(range(7), key=lambda day: hours.week[day]):
        days = list(group)
        named = _DAYS[days[0]] if len(days) == 1 else f"{_DAYS[days[0]]}-{_DAYS[days[-1]]}"
        if spans:
            parts.append(f"{named} {', '.join(map(_span, spans))}")
    return "; ".join(parts)


def next_in_words(instant: int, hours: Hours, zone: str) -> str:
    """The first legal instant from `instant` on, on the wall clock of `zone`, with its offset."""
    opening = next_open(instant, hours, zone)
    return local_time(opening, zone).isoformat(timespec="seconds")


def _span(span: Span) -> str:
    return f"{span.start // 60:02d}:{span.start % 60:02d}-{span.end // 60:02d}:{span.end % 60:02d}"
