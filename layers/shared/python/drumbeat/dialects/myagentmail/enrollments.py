"""Enrolments as MyAgentMail shows them (contract 3.3, 3.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from drumbeat.dialects.query import choice
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_key, enrollment_uuid, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.application.leads import PlacedLead

_STATES: Mapping[EnrollmentState, str] = {
    EnrollmentState.ACTIVE: "active",
    EnrollmentState.HELD: "active",
    EnrollmentState.WAITING: "active",
    EnrollmentState.PAUSED: "paused",
    EnrollmentState.PARKED: "paused",
    EnrollmentState.FINISHED: "completed",
    EnrollmentState.REPLIED: "replied",
    EnrollmentState.BOUNCED: "bounced",
    EnrollmentState.UNSUBSCRIBED: "unsubscribed",
    EnrollmentState.REMOVED: "unenrolled",
    EnrollmentState.FAILED: "failed",
}
_SENT_SOME_DAY = {EnrollmentState.ACTIVE, EnrollmentState.PAUSED}


def wire_state(enrollment: Enrollment) -> str:
    """What clients call its state: one that somebody ended is not completed."""
    if enrollment.state is EnrollmentState.FINISHED and enrollment.finished_at is not None:
        return "unenrolled"
    return _STATES[enrollment.state]


def enrollment_id(enrollment: Enrollment) -> str:
    """What clients call it."""
    return enrollment_uuid(enrollment.tenant, enrollment.key)


def id_of_placed(placed: PlacedLead) -> str:
    """What clients call the enrollment."""
    return enrollment_id(placed.enrollment)


def enrollment_body(placed: PlacedLead) -> dict[str, Any]:
    """An enrolment, in every answer the same."""
    entry, sequence = placed.enrollment, placed.sequence
    inbox = None if entry.sender == sequence.connector else entry.sender
    waits = entry.state in _SENT_SOME_DAY and entry.step < len(sequence.steps)
    return {
        "id": enrollment_id(entry),
        "cadenceId": resource_uuid(Kind.SEQUENCE, entry.tenant, entry.key.sequence),
        "state": wire_state(entry),
        "exitReason": entry.exit_reason,
        "leadExternalId": entry.lead.external_id,
        "leadName": entry.lead.name,
        "leadEmail": placed.email,
        "leadLinkedinUrl": entry.lead.linkedin_url,
        "leadProfileUrn": entry.lead.profile_urn,
        "inboxId": None if inbox is None else resource_uuid(Kind.SENDER, entry.tenant, inbox),
        "sessionId": entry.lead.session,
        "context": placed.context,
        "currentStepIndex": entry.step,
        "nextStepDueAt": iso(entry.due) if waits else None,
        "awaiting": None if entry.awaits is None else entry.awaits.value,
        "lastError": entry.remark or entry.parked_reason or entry.bounce_reason,
        "lastStepAt": iso_or_none(entry.last_sent_at),
        "acceptedAt": iso_or_none(entry.accepted_at),
        "repliedAt": iso_or_none(entry.last_reply_at or entry.replied_at),
        "createdAt": iso(entry.created_at),
    }


def external_id_in(query: Mapping[str, str]) -> str | None:
    """The external id that a list is asked for, spelled as bodies' are kept."""
    return normalize("NFC", query.get("leadExternalId", "")) or None


def in_state(query: Mapping[str, str]) -> Callable[[Enrollment], bool]:
    """Keeps the enrollments in the state that a list is asked for. Raises ValidationFailed."""
    wanted = choice(query, "state", tuple(dict.fromkeys(_STATES.values())))
    return lambda enrollment: wanted in (None, wire_state(enrollment))


def key_behind(tenant: int, query: Mapping[str, str]) -> EnrollmentKey | None:
    """The enrollment that the page before ended with, None for the first page. Raises ValidationFailed."""
    text = query.get("cursor") or None
    key = None if text is None else enrollment_key(tenant, text)
    if text is not None and key is None:
        raise invalid_field("cursor", "is none that a list has given")
    return key
