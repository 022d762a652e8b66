"""Hours as our own API takes them: spans of weekdays, holidays by calendar and date, in a time zone."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from drumbeat.dialects.drumbeat.hours import WEEKDAYS, check_apart, minute_of
from drumbeat.dialects.text import Line, Zone
from drumbeat.domain.opening_hours import Holidays, TenantHours
from drumbeat.domain.schedule import BUSINESS_HOURS, Span, Week, day_of

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError("must be a time of the day such as 09:00, at most 24:00")
    return text


def _date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError("must be a date such as 2026-12-24")
    date.fromisoformat(text)
    return text


type TimeOfDay = Annotated[str, AfterValidator(_time)]
type Day = Annotated[str, AfterValidator(_date)]


class SpanBody(BaseModel):
    """From one time of the local day until before another one; `24:00` is its end."""

    model_config = ConfigDict(extra="forbid")

    start: Annotated[TimeOfDay, Field(alias="from")]
    end: Annotated[TimeOfDay, Field(alias="to")]

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if minute_of(self.start) >= minute_of(self.end):
            raise ValueError("from must be before to; what goes on after midnight is a span of the next day")
        return self

    def span(self) -> Span:
        """The span in minutes."""
        return Span(minute_of(self.start), minute_of(self.end))


def _apart(bodies: list[SpanBody]) -> list[SpanBody]:
    check_apart([body.span() for body in bodies])
    return bodies


type Spans = Annotated[list[SpanBody], Field(max_length=10), AfterValidator(_apart)]


class WeekBody(BaseModel):
    """The spans of each weekday; a day that is not named is closed."""

    model_config = ConfigDict(extra="forbid")

    monday: Spans = []
    tuesday: Spans = []
    wednesday: Spans = []
    thursday: Spans = []
    friday: Spans = []
    saturday: Spans = []
    sunday: Spans = []

    @model_validator(mode="after")
    def _opens(self) -> Self:
        if not any(self.week()):
            raise ValueError("must open on one day at least")
        return self

    def week(self) -> Week:
        """The week, Monday first."""
        return tuple(tuple(sorted(body.span() for body in getattr(self, name))) for name in WEEKDAYS)


class HolidaysBody(BaseModel):
    """Days off."""

    model_config = ConfigDict(extra="forbid")

    calendars: Annotated[list[Annotated[Line, Field(max_length=40)]], Field(max_length=10)] = []
    dates: Annotated[list[Day], Field(max_length=400)] = []

    def holidays(self) -> Holidays:
        """Each calendar and each date once."""
        days = {day_of(date.fromisoformat(text)) for text in self.dates}
        return Holidays(tuple(sorted(set(self.calendars))), tuple(sorted(days)))


class SetHoursRequest(BaseModel):
    """PUT /drumbeat/v1/hours: what is left out is Monday to Friday from nine to five, UTC, without holidays."""

    model_config = ConfigDict(extra="forbid")

    time_zone: Zone = "UTC"
    week: WeekBody | None = None
    holidays: HolidaysBody = HolidaysBody()

    def wanted(self) -> TenantHours:
        """The hours that are asked for."""
        week = BUSINESS_HOURS if self.week is None else self.week.week()
        return TenantHours(self.time_zone, week, self.holidays.holidays())
