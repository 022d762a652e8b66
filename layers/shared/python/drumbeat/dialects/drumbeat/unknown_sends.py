"""Mails that may or may not have left, as our own API shows them, and the decision about one."""

from typing import Any

from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.ids import Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.times import iso, iso_or_none


def unknown_send_body(parked: Enrollment) -> dict[str, Any]:
    """What waits for a decision; `step` is the position of the mail in doubt."""
    tenant, sender = parked.tenant, parked.sender
    return {
        "enrollment_id": enrollment_uuid(tenant, parked.key),
        "sequence_id": resource_uuid(Kind.SEQUENCE, tenant, parked.key.sequence),
        "contact_id": resource_uuid(Kind.CONTACT, tenant, parked.key.contact),
        "step": parked.step + 1,
        "sender_id": None if sender is None else resource_uuid(Kind.SENDER, tenant, sender),
        "parked_at": iso_or_none(parked.parked_at),
        "reason": parked.parked_reason,
    }


def resolved_body(enrollment: Enrollment) -> dict[str, Any]:
    """The enrollment after the decision, and when its next mail is due if there is one."""
    active = enrollment.state is EnrollmentState.ACTIVE
    return {
        "enrollment_id": enrollment_uuid(enrollment.tenant, enrollment.key),
        "state": enrollment.state.value,
        "next_step": enrollment.step + 1 if active else None,
        "due_at": iso(enrollment.due) if active else None,
    }
