"""What a tenant's dialler is asked for, as it is posted there: `call.requested` (ours, docs/agents.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.app_requests import callbacks, raw, request_id
from drumbeat.dialects.julian.ids import agent_id, call_id, sequence_id
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.send_ports import StepRequest
    from drumbeat.domain.agent import Goal
    from drumbeat.domain.callee import Callee
    from drumbeat.domain.contact import Contact

_ANSWERS = ("result", "failed")


def call_body(request: StepRequest, answer_url: str) -> bytes:
    """The raw body; `answer_url` is where the dialler asks whether the call is still wanted, and what the URLs of all
    its answers begin with. Raises ValueError for a request about nobody to call.
    """
    enrollment, sequence, callee = request.enrollment, request.sequence, request.callee
    tenant, key = enrollment.tenant, enrollment.key
    if callee is None or sequence.agent is None:
        raise ValueError("there is nobody to call, or no agent that does")
    return raw(
        {
            "type": "call.requested",
            "id": request_id(enrollment),
            "callId": call_id(tenant, key, enrollment.batch_tag, enrollment.asked),
            "agentId": agent_id(tenant, sequence.number),
            "agentName": sequence.name,
            "sequenceId": sequence_id(tenant, key),
            "stepIndex": enrollment.step,
            "attempt": enrollment.attempts + 1,
            "deadline": iso(enrollment.due),
            "contact": _contact(callee, request.contact),
            "customInputVariables": dict(callee.variables),
            "scheduledAt": iso(enrollment.created_at if callee.scheduled_at is None else callee.scheduled_at),
            "outcomes": _outcomes(sequence.agent.goals),
            "callbacks": callbacks(_ANSWERS, answer_url) | {"check": answer_url},
        }
    )


def _contact(callee: Callee, contact: Contact | None) -> dict[str, Any]:
    return {
        "name": callee.name,
        "phoneNumber": callee.phone,
        "phoneNumberExt": callee.extension,
        "timezone": callee.zone,
        "toEmailAddress": None if contact is None else contact.email,
    }


def _outcomes(goals: Sequence[Goal]) -> list[dict[str, Any]]:
    return [{"name": goal.name, "description": goal.description} for goal in goals]
