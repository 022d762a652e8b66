"""What was scheduled, as both scheduling calls answer it, and how far a batch is (contract 4.2, 4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.application.call_progress import CallProgress, Rejected, RowProgress, RowState
from drumbeat.dialects.julian.ids import agent_id, sequence_id
from drumbeat.dialects.julian.lifecycle import lifecycle
from drumbeat.domain.batch import Batch, BatchState
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, Kind, resource_number, resource_uuid
from drumbeat.domain.times import MINUTE, SECOND, iso

if TYPE_CHECKING:
    from drumbeat.application.accept_calls import Accepted
    from drumbeat.application.schedule_call import ScheduledCall
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.sequence import Step

BODY_LIMIT = 3 * 1024 * 1024
"""What is accepted is written as one transaction of 4 MB at most; 1,000 contacts with ten variables are half of it."""

_STATUS = {BatchState.RUNNING: "scheduling", BatchState.FINISHED: "finished"}
_ROW_STATUS = {
    RowState.PENDING: "pending",
    RowState.MADE: "scheduled",
    RowState.REJECTED: "rejected",
    RowState.FAILED: "failed",
}


def accepted_body(accepted: Accepted) -> dict[str, Any]:
    """The answer of the call for many."""
    batch = accepted.batch
    return {
        "batchId": _batch_id(batch),
        "total": batch.total,
        "accepted": batch.total - len(accepted.rejected),
        "rejected": [rejected_row(row) for row in accepted.rejected],
    }


def rejected_row(row: Rejected) -> dict[str, Any]:
    """A contact that was not taken, and why."""
    return {"index": row.index, "phoneNumber": row.phone, "error": row.text}


def sequence_body(scheduled: ScheduledCall) -> dict[str, Any]:
    """The answer of the call for one. What its agent calls as soon as it may has the instant from which it may."""
    enrollment, callee, email = scheduled.made
    return {
        "sequence": {
            "sequenceId": sequence_id(enrollment.tenant, enrollment.key),
            "name": callee.name,
            "phoneNumber": callee.phone,
            "phoneNumberExt": callee.extension,
            "scheduledAt": iso(callee.scheduled_at or enrollment.due),
            "toEmailAddress": email,
            "customInputVariables": dict(callee.variables),
            "timezone": callee.zone,
            "scheduledBy": "API",
            "lifecycleStatus": lifecycle(enrollment),
            "steps": [_step(step) for step in scheduled.agent.steps],
        }
    }


def _step(step: Step) -> dict[str, Any]:
    return {"stepType": step.kind.value.upper(), "delaySeconds": step.delay_minutes * MINUTE // SECOND}


def batch_number(tenant: int, spelled: str) -> int:
    """The number behind a `batchId`. Raises NotFound."""
    number = resource_number(Kind.BATCH, tenant, spelled)
    if number is None:
        raise NotFound("batch")
    return number


def progress_body(progress: CallProgress) -> dict[str, Any]:
    """How far a batch is, with every contact in the order of the call."""
    batch, states = progress.batch, [row.state for row in progress.rows]
    rejected = [
        Rejected(row.index, row.phone, row.text or "") for row in progress.rows if row.state is RowState.REJECTED
    ]
    return {
        "batchId": _batch_id(batch),
        "agentId": agent_id(batch.tenant, batch.params["sequence"]),
        "status": _status(batch, states),
        "total": batch.total,
        "accepted": batch.total - len(rejected),
        "scheduled": states.count(RowState.MADE),
        "rejected": [rejected_row(row) for row in rejected],
        "contacts": [_contact(batch.tenant, row, progress.enrollments) for row in progress.rows],
    }


def _status(batch: Batch, states: list[RowState]) -> str:
    """One that another API has canceled goes on until all of its rows are made as what is over."""
    if batch.state is BatchState.CANCELED:
        return "scheduling" if RowState.PENDING in states else "finished"
    return _STATUS.get(batch.state, "failed")


def _contact(tenant: int, row: RowProgress, enrollments: Mapping[EnrollmentKey, Enrollment]) -> dict[str, Any]:
    told: dict[str, Any] = {"index": row.index, "phoneNumber": row.phone, "status": _ROW_STATUS[row.state]}
    if row.key is not None:
        told["sequenceId"] = sequence_id(tenant, row.key)
        if row.key in enrollments:
            told["lifecycleStatus"] = lifecycle(enrollments[row.key])
    return told if row.text is None else told | {"error": row.text}


def _batch_id(batch: Batch) -> str:
    return resource_uuid(Kind.BATCH, batch.tenant, batch.number)
