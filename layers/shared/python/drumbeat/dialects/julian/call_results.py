"""What a dialler tells about a call that is over: the members of contract 4.7 that only it can know."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.dialects.text import BODY_LENGTH, Email, Line, Name, Prose, Whole
from drumbeat.domain.call_result import CallEnded, CallOutcome
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.fit_text import is_text
from drumbeat.domain.times import DAY, SECOND, iso

MOST_BYTES = 128 * 1024
_MOST = 100
_FURTHEST = 366 * DAY
_YEARS = range(2000, 2101)
_LONGEST_CALL = DAY // SECOND


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _printable(value: Any) -> Any:
    if not all(map(is_text, _texts(value))):
        raise ValueError("must not hold control characters")
    return value


def _our_time(instant: datetime) -> datetime:
    if instant.year not in _YEARS:
        raise ValueError(f"must be in the years {_YEARS[0]} to {_YEARS[-1]}")
    return instant


def _spelled(instant: datetime) -> str:
    return iso(milliseconds(instant))


type _Moment = Annotated[Instant, AfterValidator(_our_time), PlainSerializer(_spelled)]
type _Facts = Annotated[dict[str, Any], AfterValidator(_printable)]
type _Transcription = Annotated[str, Field(max_length=BODY_LENGTH), AfterValidator(_printable)]
type _Url = Annotated[str, Field(max_length=2_000, pattern=r"^(https?://[!-~]+)?$")]


class _Member(BaseModel):
    """Unknown members are refused: a misspelt one would be lost for good."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class Outcome(_Member):
    """One thing that the call came to, by the name that the agent has for it."""

    name: Name
    reasoning: Prose = ""


class Action(_Member):
    """Something that was, or is to be, done because of the call."""

    description: Prose = ""
    status: Line = ""
    action_key: Line = ""
    completed_at: _Moment | None = None
    metadata: _Facts = Field(default_factory=dict)


class Meeting(_Member):
    """The meeting that was agreed on."""

    start_time: _Moment
    end_time: _Moment | None = None
    host_email: Email | None = None


class CallResult(_Member):
    """POST /drumbeat/v1/connector/{token}/result."""

    result_type: Name
    summary: Prose = ""
    transcription: _Transcription = ""
    extracted_variables: _Facts = Field(default_factory=dict)
    agent_actions: list[Action] = Field(default_factory=list, max_length=_MOST)
    human_actions: list[Action] = Field(default_factory=list, max_length=_MOST)
    outcomes: list[Outcome] = Field(default_factory=list, max_length=_MOST)
    follow_up_meeting_details: Meeting | None = None
    duration: Annotated[Whole, Field(ge=0, le=_LONGEST_CALL)] = 0
    call_url: _Url = ""
    from_phone_number: Line = ""
    rescheduled_at: _Moment | None = None
    crm_scheduling_details: _Facts | None = None

    def ended(self, now: int) -> CallEnded:
        """That the call is over, and what it came to. Raises ValidationFailed for one put off by over a year."""
        rescheduled_at = None if self.rescheduled_at is None else milliseconds(self.rescheduled_at)
        if rescheduled_at is not None and rescheduled_at > now + _FURTHEST:
            raise invalid_field("rescheduledAt", "must be within a year")
        details = self.model_dump(by_alias=True, exclude={"result_type", "outcomes", "rescheduled_at"})
        if self.crm_scheduling_details is None:
            del details["crmSchedulingDetails"]
        return CallEnded(
            result_type=self.result_type,
            outcomes=tuple(CallOutcome(outcome.name, outcome.reasoning) for outcome in self.outcomes),
            rescheduled_at=rescheduled_at,
            details=details,
        )
