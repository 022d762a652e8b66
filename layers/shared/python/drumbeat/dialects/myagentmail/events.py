"""Events as cadence webhooks tell them (contract 3.7); what it does not name is marked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from drumbeat.domain.event import Event, EventKind
from drumbeat.domain.ids import Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence
    from drumbeat.domain.wording import Wording

_LONGEST_TEXT = 5_000
"""A longer text is left out: ten events have to fit one request to the queue."""

TYPES = {
    EventKind.STEP_FIRED: "cadence.step.fired",
    EventKind.REPLIED: "cadence.lead.replied",
    EventKind.COMPLETED: "cadence.lead.completed",
    EventKind.BOUNCED: "cadence.lead.bounced",
    EventKind.UNSUBSCRIBED: "cadence.lead.unsubscribed",  # [inferred]
    EventKind.FAILED: "cadence.lead.failed",  # [inferred]
}


def event_body(event: Event, sequence: Sequence, wording: Wording | None) -> str:
    """The body of the webhook. The same fact has the same `id` however often it is told."""
    head = {
        "type": TYPES[event.kind],
        "id": event.id,
        "cadenceId": resource_uuid(Kind.SEQUENCE, event.tenant, sequence.number),
        "enrollmentId": enrollment_uuid(event.tenant, event.key),
    }
    fired = event.step if event.kind is EventKind.STEP_FIRED else None
    told = _of_lead(event) if fired is None else _of_step(event, fired, sequence, wording)
    return json.dumps(head | told, ensure_ascii=False)


def _of_step(event: Event, index: int, sequence: Sequence, wording: Wording | None) -> dict[str, Any]:
    """The kind is null where the step was taken out of the cadence in the meantime."""
    texts = {} if wording is None else {"renderedSubject": wording.subject, "renderedText": wording.text}
    said = {name: text for name, text in texts.items() if text is not None and len(text) <= _LONGEST_TEXT}
    step = sequence.steps[index] if index < len(sequence.steps) else None
    return {
        "stepIndex": index,
        "stepKind": None if step is None else step.kind.value,
        "channelUrn": event.enrollment.channel_urn,
        **said,
        "firedAt": iso(event.at),
    }


def _of_lead(event: Event) -> dict[str, Any]:
    told = {"leadExternalId": event.enrollment.lead.external_id, "occurredAt": iso(event.at)}
    return told if event.reason is None else told | {"reason": event.reason}
