"""Enrolling a lead: what POST /v1/cadences/{cadence_id}/enrollments asks for and answers (contract 3.3)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from drumbeat.application.enroll_lead import AskedLead
from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.dialects.myagentmail.enrollments import enrollment_body
from drumbeat.dialects.myagentmail.relinking import Identity, Words
from drumbeat.domain.enrollment import Lead

if TYPE_CHECKING:
    from drumbeat.application.leads import PlacedLead

CONTEXT_BYTES = 16_384


def _fit_to_post(context: dict[str, Any]) -> dict[str, Any]:
    """What is kept here and can't be posted would be tried for ever."""
    try:
        json.dumps(context, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as trouble:
        raise ValueError("must be JSON in UTF-8: no lone surrogates, no NaN or Infinity") from trouble
    if len(json.dumps(context).encode()) > CONTEXT_BYTES:
        raise ValueError(f"must stay below {CONTEXT_BYTES} bytes")
    return context


class CreateEnrollmentRequest(Identity):
    """The lead, its inbox and its LinkedIn session, and what drafts may use; null is as good as nothing."""

    lead_external_id: Words
    context: Annotated[dict[str, Any], AfterValidator(_fit_to_post)] | None = None
    start_at: Instant | None = None

    def asked(self, tenant: int) -> AskedLead:
        """What the engine is asked for. Raises ValidationFailed for an inbox of nobody."""
        changes = self.changes(tenant)
        email, sender = changes.pop("email", None), changes.pop("sender", None)
        start = None if self.start_at is None else milliseconds(self.start_at)
        return AskedLead(Lead(**changes), email, sender, self.context, start)


def enrolled_body(placed: PlacedLead, *, created: bool) -> dict[str, Any]:
    """The enrolment, and whether this call made it."""
    return {"ok": True, "created": created, "enrollment": enrollment_body(placed)}
