"""What a call came to, as its agent's webhook tells it (contract 4.7).

The head is made when the result is noted, the rest when it is posted: what people said stays out of queues.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.julian.ids import agent_id, call_id, sequence_id
from drumbeat.dialects.julian.lifecycle import lifecycle
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.delivery_ports import EndedCall
    from drumbeat.domain.call_result import CallEnded
    from drumbeat.domain.event import Event
    from drumbeat.domain.sequence import Sequence

_OF_THE_RESULT: Mapping[str, Any] = {
    "summary": "",
    "extractedVariables": {},
    "agentActions": [],
    "humanActions": [],
    "transcription": "",
    "followUpMeetingDetails": None,
}
"""What the result has of what the dialler tells, and what stands there when it does not."""
_CRM = "crmSchedulingDetails"


def result_head(event: Event, sequence: Sequence) -> str:
    """What is known of a call without its result. Raises ValueError for an event about no call.

    Somebody for whom no time was named was scheduled for when the sequence was made [inferred].
    """
    if event.call is None:
        raise ValueError(f"{event.kind} is about no call")
    enrollment = event.enrollment
    head = {
        "agentId": agent_id(sequence.tenant, sequence.number),
        "agentName": sequence.name,
        "callId": call_id(enrollment.tenant, enrollment.key, enrollment.batch_tag, event.call),
        "scheduledAt": iso(enrollment.created_at),
        "sequence": {
            "sequenceId": sequence_id(enrollment.tenant, enrollment.key),
            "lifecycleStatus": lifecycle(enrollment),
        },
    }
    return json.dumps(head, ensure_ascii=False)


def result_body(head: str, call: EndedCall) -> str:
    """The whole body, the same whenever it is made."""
    document = json.loads(head)
    sequence = document.pop("sequence")
    return json.dumps(document | _call(call) | {"sequence": sequence}, ensure_ascii=False)


def _call(call: EndedCall) -> dict[str, Any]:
    callee, ended = call.callee, call.noted.ended
    told = ended.details
    body = {
        "name": callee.name,
        "phoneNumber": callee.phone,
        "phoneNumberExt": callee.extension,
        "fromPhoneNumber": told.get("fromPhoneNumber", ""),
        "timezone": callee.zone,
        "direction": "outbound",
        "customInputVariables": dict(callee.variables),
        "duration": told.get("duration", 0),
        "callUrl": told.get("callUrl", ""),
        "rescheduledAt": None if ended.rescheduled_at is None else iso(ended.rescheduled_at),
        "callResult": _result(ended),
    }
    named = {} if callee.scheduled_at is None else {"scheduledAt": iso(callee.scheduled_at)}
    return body | named | ({_CRM: told[_CRM]} if _CRM in told else {})


def _result(ended: CallEnded) -> dict[str, Any]:
    told = {name: ended.details.get(name, default) for name, default in _OF_THE_RESULT.items()}
    outcomes = [{"name": outcome.name, "reasoning": outcome.reasoning} for outcome in ended.outcomes]
    return {"resultType": ended.result_type} | told | {"outcomes": outcomes}
