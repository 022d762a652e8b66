"""A row that is good, an agent that takes it, and how both are put to the test."""

from datetime import UTC, datetime
from typing import Any

from drumbeat.adapters.phone_numbers import PlannedNumbers
from drumbeat.dialects.julian.scheduling import ScheduleSequenceRequest, ScheduleSequencesRequest
from drumbeat.domain.agent import Agent
from drumbeat.domain.call_row import AcceptedRow, RejectedRow, read_rows
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, instant_of

NOW = instant_of(datetime(2026, 11, 20, 12, 0, tzinfo=UTC), "UTC")
AGENT = Agent(zones=("America/New_York", "America/Chicago"), required=("account_id",))
OFFICE = Hours(BUSINESS_HOURS, "America/New_York")
GOOD = {"name": "John Doe", "phoneNumber": "+15551234567", "account_id": "acc-1"}
PHONES = PlannedNumbers()


def good(**changes: Any) -> dict[str, Any]:
    """A row that is accepted, with some fields changed."""
    return GOOD | changes


def bulk(
    *rows: Any,
    agent: Agent = AGENT,
    hours: Hours | None = OFFICE,
    needs_email: bool = False,
    now: int = NOW,
    **asked: Any,
) -> list[AcceptedRow | RejectedRow]:
    """What the bulk call makes of the rows."""
    request = ScheduleSequencesRequest.model_validate({"contacts": list(rows), **asked})
    return read_rows(PHONES, request.rows(), request.rules(agent, hours, needs_email=needs_email), NOW)


def single(row: dict[str, Any], agent: Agent = AGENT, hours: Hours | None = OFFICE) -> AcceptedRow | RejectedRow:
    """What the call for one contact makes of its body."""
    request = ScheduleSequenceRequest.model_validate(row)
    (told,) = read_rows(PHONES, request.rows(), request.rules(agent, hours, needs_email=False), NOW)
    return told


def accepted(told: AcceptedRow | RejectedRow) -> AcceptedRow:
    """The row, which must have been accepted."""
    assert isinstance(told, AcceptedRow), told.text
    return told


def rejected(told: AcceptedRow | RejectedRow) -> RejectedRow:
    """The row, which must have been rejected."""
    assert isinstance(told, RejectedRow), told.callee
    return told
