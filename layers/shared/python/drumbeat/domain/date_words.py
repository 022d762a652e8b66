"""Dates in words and numbers: where they stand in a text, and which days they may mean."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from drumbeat.domain.calendar_words import COUNTS, MONTHS, UNITS, WEEKDAYS, one_of

MOST_DATES = 40
_MONTH = f"(?P<month>{one_of(MONTHS)})"
_YEAR = r"(?P<year>20\d\d)(?!\d)"
_ORDINAL = r"(?:st|nd|rd|th|er|eme|:e|o|a|e|\.)?"
_NEXT = (
    r"next|coming|following|nachste[nr]?|kommende[nr]?|prochaine?|proxim[oa]|prossim[oa]|volgende|aankomende|nasta"
    r"|naste|przyszly|przyszlym|que viene"
)
_THE_END_OF = r"end of|late|ende|fin de|fin|finales de|fine|final de|eind|slutet av|koniec|konca"
_BEFORE_MONTHS = "|".join(
    rf"(?<=\b{word} )"
    for word in [
        "in",
        "im",
        "en",
        "em",
        "i",
        "until",
        "till",
        "bis",
        "jusqu'en",
        "jusqu'a",
        "hasta",
        "fino",
        "ate",
        "tot",
        "do",
    ]
)
_TOMORROW = r"tomorrow|morgen|demain|manana|domani|amanha|i ?morgon|i morgen|jutro"
_WEEK = r"week|woche|semaine|semana|settimana|vecka|uke|uge|tygodniu"


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells of from `start` to `end`: the days that it may mean, none if there is no such day.

    `is_plain` where it can't be anything but a date; `is_range` where it is one of several days, and the last is meant.
    """

    start: int
    end: int
    days: tuple[date, ...]
    is_plain: bool = False
    is_range: bool = False


def dates_in(text: str, now: date) -> list[Told]:
    """The dates in a folded text of one line, in order. The name of a day right before its date belongs to it."""
    found: list[Told] = []
    for pattern, days_of, is_plain in _PATTERNS:
        for match in pattern.finditer(text):
            begin, end = match.span()
            if len(found) < MOST_DATES and not any(begin < each.end and each.start < end for each in found):
                is_range = match.groupdict().get("first_of_range") is not None
                found.append(Told(begin, end, tuple(days_of(match, now)), is_plain, is_range))
    return sorted(found, key=lambda told: told.start)


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _yearly(year: str | None, month: int, day: int, now: date) -> Iterator[date]:
    """The day in the year that is told, else in this one and the next."""
    if year is None:
        yield from _day(now.year, month, day)
        yield from _day(now.year + 1, month, day)
    else:
        yield from _day(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _in_digits(match: re.Match[str], now: date) -> Iterator[date]:
    yield from _yearly(match["year"], int(match["second"]), int(match["first"]), now)


def _in_digits_either_way(match: re.Match[str], now: date) -> Iterator[date]:
    """Day and month, or month and day: nobody can tell."""
    yield from _in_digits(match, now)
    yield from _yearly(match["year"], int(match["first"]), int(match["second"]), now)


def _named(match: re.Match[str], now: date) -> Iterator[date]:
    yield from _yearly(match["year"], MONTHS[match["month"]], int(match["day"]), now)


def _day_alone(match: re.Match[str], now: date) -> Iterator[date]:
    """The next such day of a month."""
    this_month = now.replace(day=1)
    for first in (this_month, (this_month + timedelta(31)).replace(day=1)):
        for day in _day(first.year, first.month, int(match["day"])):
            if day > now:
                yield day
                return


def _month(match: re.Match[str], now: date) -> Iterator[date]:
    """The first day of the month, or of the one after it where its end is meant."""
    for first in _yearly(match["year"], MONTHS[match["month"]], 1, now):
        yield (first + timedelta(31)).replace(day=1) if match["ending"] else first


def _weekday(match: re.Match[str], now: date) -> Iterator[date]:
    """The first such day after `now`; with a word for "next" the one in the week after this."""
    number = WEEKDAYS[match["name"]]
    if match["before"] or match["after"]:
        yield _monday_after(now) + timedelta(number)
    else:
        yield now + timedelta((number - now.weekday() - 1) % 7 + 1)


def _tomorrow(_match: re.Match[str], now: date) -> Iterator[date]:
    yield now + timedelta(1)


def _next_week(_match: re.Match[str], now: date) -> Iterator[date]:
    yield _monday_after(now)


def _after(match: re.Match[str], now: date) -> Iterator[date]:
    count = int(match["count"]) if match["count"].isdecimal() else COUNTS[match["count"]]
    yield now + timedelta(count * UNITS[match["unit"]])


def _monday_after(now: date) -> date:
    return now + timedelta(7 - now.weekday())


type _Reading = tuple[re.Pattern[str], Callable[[re.Match[str], date], Iterator[date]], bool]

_PATTERNS: tuple[_Reading, ...] = tuple((re.compile(pattern), days_of, is_plain) for pattern, days_of, is_plain in (
    # 2026-12-04
    (rf"(?<!\d){_YEAR}[-./](?P<second>\d\d?)[-./](?P<first>\d\d?)(?!\d)", _in_digits, True),
    # December 4th, 2026; December 1-4
    (rf"\b{_MONTH}\.? (?:the )?(?P<first_of_range>\d\d?{_ORDINAL} ?(?:-|to|thru|through|until|till|and|&) ?)?"
     rf"(?P<day>\d\d?)(?:st|nd|rd|th)?(?![\d:]|[.,]\d| ?(?:{one_of(MONTHS)})\b)(?:,? {_YEAR})?", _named, True),
    # 4. Dezember 2026, 4 de diciembre de 2026, 1er decembre, 4th of December
    (rf"(?<![\d.,:/])(?P<day>\d\d?){_ORDINAL} ?(?:of |de |d'|den |-)?{_MONTH}\b\.?(?:,? ?(?:de |del |-)?{_YEAR})?",
     _named, True),
    # 04.12.2026, 4. 12., 4.12
    (r"(?<![\d.,:/])(?P<first>\d\d?)\. ?(?P<second>\d\d?)(?:\. ?(?P<year>20\d\d|\d\d)(?![\d:])|\.(?!\d)|(?![\d.,:]))",
     _in_digits, False),
    # 12/04/2026, 4/12, 04-12-2026
    (r"(?<![\d./-])(?P<first>\d\d?)/(?P<second>\d\d?)(?:/(?P<year>20\d\d|\d\d))?(?![\d/])",
     _in_digits_either_way, False),
    (r"(?<![\d./-])(?P<first>\d\d?)-(?P<second>\d\d?)-(?P<year>20\d\d)(?![\d-])", _in_digits_either_way, False),
    # 12.24.2026: no such month, so it is the other way round
    (r"(?<![\d.,:/])(?P<second>\d\d?)\.(?P<first>1[3-9]|2\d|3[01])\.(?P<year>20\d\d)(?!\d)", _in_digits, False),
    (rf"\b(?:(?P<before>{_NEXT}) )?(?P<name>{one_of(WEEKDAYS)})\b(?P<after> (?:{_NEXT})\b)?"
     rf"(?![ .,(]*(?:(?:the|den|dem|der|le|el|il|d\.) )?(?:{one_of(MONTHS)}|\d\d?(?![\d:]| ?(?:am|pm|uhr|h)\b)))",
     _weekday, False),
    # the 30th
    (r"\b(?P<day>\d\d?)(?:st|nd|rd|th)\b", _day_alone, False),
    (rf"(?:{_BEFORE_MONTHS})(?:the )?(?:(?P<ending>{_THE_END_OF}) )?{_MONTH}\b(?: {_YEAR}|(?! ?\d))", _month, False),
    (rf"\b(?:{_TOMORROW})\b", _tomorrow, False),
    (rf"\b(?:(?:{_NEXT}) (?:{_WEEK})|(?:{_WEEK}) (?:{_NEXT}))\b", _next_week, False),
    (rf"\b(?:for|in|fur|pendant|dans|durante|dentro de|per|tra|fra|por|voor|over|i|om|przez|za)(?: the next)?"
     rf" (?P<count>\d\d?|{one_of(COUNTS)}) (?P<unit>{one_of(UNITS)})\b", _after, False),
))  # fmt: skip
