"""The answers of contract part 4 as closed models, read from its text and from the source document.

What we add to an object that the contract prints in full is named here, one by one.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from tests.contract.scene import is_instant
from tests.world import Answer

LIFECYCLE = ("scheduled", "waiting", "in progress", "paused", "done", "cancelled", "failed")


def _instant(value: Any) -> Any:
    assert is_instant(value), value
    return value


def _uuid(value: Any) -> Any:
    assert str(UUID(value)) == value, value
    return value


type Instant = Annotated[str, BeforeValidator(_instant)]
type BatchId = Annotated[str, BeforeValidator(_uuid)]
type AgentId = Annotated[str, Field(pattern=r"^agent\.[a-z0-9]+$")]
type SequenceId = Annotated[str, Field(pattern=r"^call-sequence\.[a-z0-9]+$")]
type CallId = Annotated[str, Field(pattern=r"^call\.[a-z0-9]+$")]
type E164 = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
type Count = Annotated[int, Field(ge=0)]


class _Closed(BaseModel):
    """Knows every member there may be; all of them are there."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class Rejected(_Closed):
    index: Count
    phone_number: str
    error: Annotated[str, Field(min_length=1)]


class Accepted(_Closed):
    """202 of the call for many."""

    batch_id: BatchId
    total: Count
    accepted: Count
    rejected: list[Rejected]


class Step(_Closed):
    step_type: Literal["CALL", "EMAIL", "WAIT"]
    delay_seconds: Count


class Sequence(_Closed):
    """What the call for one answers, and what we add to it."""

    sequence_id: SequenceId
    name: str
    phone_number: E164
    phone_number_ext: str
    scheduled_at: Instant
    to_email_address: str | None
    custom_input_variables: dict[str, str]
    timezone: str
    scheduled_by: Literal["API"]
    lifecycle_status: Literal[LIFECYCLE]  # type: ignore[valid-type]
    steps: list[Step]


class Scheduled(_Closed):
    sequence: Sequence


class Period(BaseModel):
    """`month` is there in month mode only."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)
    start_date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    end_date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] = ""


class Organization(_Closed):
    """`heldCredits` is ours."""

    allocated_credits: Count | None
    spent_credits: Count
    remaining_credits: Count | None
    percentage_used: float | int | None
    held_credits: Count | None


class SpentByAgent(_Closed):
    agent_id: AgentId
    agent_name: str
    spent_credits: Count
    transaction_count: Count


class Usage(_Closed):
    period: Period
    organization: Organization
    agents: list[SpentByAgent]


class Action(_Closed):
    description: str
    status: str
    action_key: str
    completed_at: Instant | None
    metadata: dict[str, Any]


class Outcome(_Closed):
    name: str
    reasoning: str


class Meeting(_Closed):
    start_time: Instant
    end_time: Instant
    host_email: str


class CallResult(_Closed):
    result_type: str
    summary: str
    extracted_variables: dict[str, Any]
    agent_actions: list[Action]
    human_actions: list[Action]
    transcription: str
    outcomes: list[Outcome]
    follow_up_meeting_details: Meeting | None


class OfSequence(_Closed):
    sequence_id: SequenceId
    lifecycle_status: Literal[LIFECYCLE]  # type: ignore[valid-type]


class ResultPosted(_Closed):
    """What the webhook hears of a call that an agent without a CRM made."""

    agent_id: AgentId
    agent_name: str
    call_id: CallId
    name: str
    phone_number: E164
    phone_number_ext: str
    from_phone_number: str
    scheduled_at: Instant
    timezone: str
    direction: Literal["outbound", "inbound"]
    custom_input_variables: dict[str, str]
    duration: Count
    call_url: str
    rescheduled_at: Instant | None
    call_result: CallResult
    sequence: OfSequence


class ResultPostedWithCrm(ResultPosted):
    """The same, once a CRM is attached."""

    crm_scheduling_details: dict[str, Any]


def read[T: BaseModel](answer: Answer, model: type[T], status: int = 200) -> T:
    """The body of an answer that is just what the model says."""
    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/json"
    return TypeAdapter(model).validate_python(answer.body)


def accepted(answer: Answer) -> Accepted:
    """The 202 of the call for many; its numbers agree with each other."""
    told = read(answer, Accepted, 202)
    assert told.total == told.accepted + len(told.rejected)
    assert [row.index for row in told.rejected] == sorted({row.index for row in told.rejected})
    return told


def errors_of(answer: Answer) -> dict[int, str]:
    """Why each row was rejected, by its index."""
    return {row.index: row.error for row in accepted(answer).rejected}


def scheduled(answer: Answer) -> Sequence:
    """The sequence that the call for one made."""
    return read(answer, Scheduled).sequence


def refused(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal in the contract's envelope."""
    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body["error"] == code, answer.body
    assert isinstance(answer.body["message"], str)
    assert answer.body["message"]
    return dict(answer.body)
