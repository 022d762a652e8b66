"""A sequence's schedule as our own API takes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationInfo
from pydantic import field_validator as checks

from drumbeat.dialects.drumbeat.hours_bodies import HolidaysBody, WeekBody
from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.dialects.text import Whole, Zone
from drumbeat.domain.opening_hours import Schedule


class SetScheduleRequest(BaseModel):
    """PUT /drumbeat/v1/sequences/{sequence_id}/schedule: what is left out or null is not asked for."""

    model_config = ConfigDict(extra="forbid")

    business_hours_only: StrictBool = False
    time_zone: Zone | None = None
    week: WeekBody | None = None
    holidays: HolidaysBody | None = None
    not_before: Instant | None = None
    daily_cap: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None

    @checks("week")
    @classmethod
    def _is_asked_for(cls, week: WeekBody | None, info: ValidationInfo) -> WeekBody | None:
        if week is not None and not info.data.get("business_hours_only", True):
            raise ValueError("needs business_hours_only")
        return week

    def wanted(self) -> Schedule:
        """The schedule that is asked for."""
        return Schedule(
            business_hours_only=self.business_hours_only,
            zone=self.time_zone,
            week=None if self.week is None else self.week.week(),
            holidays=None if self.holidays is None else self.holidays.holidays(),
            not_before=None if self.not_before is None else milliseconds(self.not_before),
        )
