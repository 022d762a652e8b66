"""When mails may leave: windows per weekday in a time zone, without holidays."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A window of a local day in minutes since midnight; `end` is excluded and at most 1440."""

    start: int
    end: int


type Week = tuple[tuple[Span, ...], ...]
"""The windows of each weekday, Monday first."""

BUSINESS_HOURS: Week = ((Span(9 * 60, 17 * 60),),) * 5 + ((), ())


@dataclass(frozen=True, slots=True)
class Hours:
    """When a sequence may send: `week` in `zone` (IANA), except on `holidays` (ISO dates) and before `not_before`."""

    week: Week
    zone: str
    holidays: tuple[str, ...] = ()
    not_before: int | None = None
