"""What a customer's app is asked for, as it is posted there (contract 3.6; the rest is ours, docs/cadences.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.app_requests import callbacks, raw, request_id
from drumbeat.domain.enrollment import Awaits
from drumbeat.domain.ids import Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.send_ports import StepRequest

_TYPES = {Awaits.DRAFT: "cadence.step.draft.requested", Awaits.STEP: "cadence.step.requested"}
_ANSWERS = {Awaits.DRAFT: "draft", Awaits.STEP: "done"}
_ALWAYS = ("failed", "accepted", "replied")


def request_body(request: StepRequest, answer_url: str) -> bytes:
    """The raw body; `answer_url` is what the URLs of all its answers begin with."""
    return raw(_document(request, answer_url))


def _document(request: StepRequest, answer_url: str) -> dict[str, Any]:
    enrollment, step, awaits = request.enrollment, request.step, request.enrollment.awaits
    if awaits not in _TYPES:
        raise ValueError(f"{awaits} is nothing that an app is asked for")
    tenant, key = enrollment.tenant, enrollment.key
    return {
        "type": _TYPES[awaits],
        "id": request_id(enrollment),
        "cadenceId": resource_uuid(Kind.SEQUENCE, tenant, key.sequence),
        "enrollmentId": enrollment_uuid(tenant, key),
        "stepIndex": enrollment.step,
        "stepKind": step.kind.value,
        "deadline": iso(enrollment.due),
        "lead": _lead(request),
        "sessionId": enrollment.lead.session,
        "context": dict(request.context),
        "promptHint": step.prompt_hint,
        "notes": step.notes,
        "renderedSubject": request.subject or None,
        "renderedText": request.text or None,
        "callbacks": callbacks((_ANSWERS[awaits], *_ALWAYS), answer_url),
    }


def _lead(request: StepRequest) -> Mapping[str, Any]:
    lead, contact = request.enrollment.lead, request.contact
    names = () if contact is None else (contact.first_name, contact.last_name)
    return {
        "externalId": lead.external_id,
        "name": lead.name or " ".join(filter(None, names)) or None,
        "email": None if contact is None else contact.email,
        "linkedinUrl": lead.linkedin_url,
        "profileUrn": lead.profile_urn,
    }
