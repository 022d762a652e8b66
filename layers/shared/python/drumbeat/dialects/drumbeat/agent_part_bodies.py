"""The parts of an agent as our own API takes them: windows, steps, outcomes, retries, and where its apps listen."""

from collections.abc import Sequence
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator
from pydantic.alias_generators import to_camel

from drumbeat.application.connectors import AppChange
from drumbeat.dialects.apps import app_url
from drumbeat.dialects.drumbeat.agent_parts import DAYS, MINUTE_IN_SECONDS, STEP_KINDS
from drumbeat.dialects.drumbeat.hours import check_apart, minute_of
from drumbeat.dialects.drumbeat.hours_bodies import TimeOfDay
from drumbeat.dialects.text import Body, Line, Name, Prose, Url, Whole
from drumbeat.domain.agent import CallRetry, Goal
from drumbeat.domain.schedule import Span, Week
from drumbeat.domain.sequence import LONGEST_DELAY, Step

LONGEST_DESCRIPTION = 500
SOONEST_RETRY = 60
"""Seconds that pass at least before somebody is called again."""

type Seconds = Annotated[Whole, Field(ge=0, le=LONGEST_DELAY * MINUTE_IN_SECONDS)]


class Fields(BaseModel):
    """An object of a body. Only `model_fields_set` tells a field that is null from one that is not there."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class CallWindow(Fields):
    """From one time of the local day until before another one, on some days of the week; `24:00` is a day's end."""

    days: Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], Field(min_length=1, max_length=7)]
    start: TimeOfDay
    end: TimeOfDay

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if minute_of(self.start) >= minute_of(self.end):
            raise ValueError("start must be before end; what goes on after midnight is a window of the next day")
        return self

    def span(self) -> Span:
        """The window in minutes."""
        return Span(minute_of(self.start), minute_of(self.end))


def week_of(windows: Sequence[CallWindow]) -> Week | None:
    """The week that the windows make, Monday first; None for none at all, which is any time.

    Raises ValueError for windows of one day that overlap.
    """
    if not windows:
        return None
    week = [sorted(window.span() for window in windows if day in window.days) for day in DAYS]
    for spans in week:
        check_apart(spans)
    return tuple(map(tuple, week))


class AgentStep(Fields):
    """One step; its delay counts from the step before it, and is rounded up to whole minutes.

    A mail has either `body`, which is HTML, or `text`; whether a placeholder in it can be filled, its agent knows.
    """

    step_type: Literal["CALL", "EMAIL", "WAIT"]
    delay_seconds: Seconds = 0
    subject: Annotated[Line, Field(min_length=1)] | None = None
    body: Body | None = None
    text: Body | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        bodies = [body for body in (self.body, self.text) if body is not None]
        if self.step_type == "EMAIL" and (self.subject is None or len(bodies) != 1):
            raise ValueError("an EMAIL step has a subject, and either a body, which is HTML, or a text")
        if self.step_type != "EMAIL" and (self.subject is not None or bodies):
            raise ValueError("only an EMAIL step has a subject, a body or a text")
        return self

    def step(self, position: int) -> Step:
        """The step as it is kept."""
        return Step(
            position=position,
            subject=self.subject or "",
            body_html=self.body or "",
            delay_minutes=ceil(self.delay_seconds / MINUTE_IN_SECONDS),
            kind=STEP_KINDS[self.step_type],
            text=self.text,
        )


class OutcomeBody(Fields):
    """What a call may come to."""

    name: Name
    description: Annotated[Prose, Field(max_length=LONGEST_DESCRIPTION)] | None = None
    successful: StrictBool

    def goal(self) -> Goal:
        """The outcome as it is kept."""
        return Goal(self.name, self.description, self.successful)


class RetryBody(Fields):
    """How often somebody is called again, and after how long; rounded up to whole minutes."""

    times: Annotated[Whole, Field(ge=1, le=10)]
    delay_seconds: Annotated[Seconds, Field(ge=SOONEST_RETRY)]

    def retry(self) -> CallRetry:
        """The rule as it is kept."""
        return CallRetry(self.times, ceil(self.delay_seconds / MINUTE_IN_SECONDS))


class AppBody(Fields):
    """Where an app of the tenant listens, null for nowhere; `rotateSecret` gives it another secret."""

    url: Url | None = None
    rotate_secret: StrictBool = False

    def change(self, field: str, *, plain_allowed: bool) -> AppChange:
        """The change that is asked for. Raises ValidationFailed for a URL that leads nowhere."""
        if "url" not in self.model_fields_set:
            return AppChange(afresh=self.rotate_secret)
        return AppChange(app_url(self.url, f"{field}.url", plain_allowed=plain_allowed), self.rotate_secret)
