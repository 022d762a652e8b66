"""AmpOut's enrolling, enrollments and skips (contract 2.2, 2.5, 2.6; source document "Enrollments")."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from drumbeat.domain.enroll_call import Skip, SkipKind
from drumbeat.domain.enrollment import Enrollment, Progress, progress
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_key, enrollment_uuid, resource_uuid
from drumbeat.domain.reply import hours_to_reply
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.application.enroll import Enrolled
    from drumbeat.domain.placed_enrollment import PlacedEnrollment

STATUSES = tuple(status.value for status in Progress)
SKIP_KINDS = {
    SkipKind.MX_INVALID: "mx_invalid",
    SkipKind.TAKEN_BY_SIBLING: "cross_campaign_duplicate",
    SkipKind.ALREADY_ENROLLED: "already_enrolled",
    SkipKind.ENROLLED_BEFORE: "already_enrolled",
}
BATCH_NUMBERS = 1_000_000_000
_REASONS = {
    SkipKind.MX_INVALID: "The address's domain has no MX record",
    SkipKind.TAKEN_BY_SIBLING: "Already enrolled in another campaign in this outreach",
    SkipKind.ALREADY_ENROLLED: "Already enrolled in this campaign",
    SkipKind.ENROLLED_BEFORE: "Already enrolled in this campaign",
    SkipKind.UNSUBSCRIBED: "Unsubscribed",
    SkipKind.NO_EMAIL: "The contact has no address",
}


def enrollment_of_id(tenant: int, spelled: str) -> EnrollmentKey:
    """The enrollment an id names. Raises ValidationFailed for anything else."""
    key = enrollment_key(tenant, spelled)
    if key is None:
        raise invalid_field("after", "is not the id of an enrollment")
    return key


def enrolled_body(enrolled: Enrolled) -> dict[str, Any]:
    """What an enrol call did; with `batch_id` when the rest was handed to the queue."""
    call = enrolled.call
    body: dict[str, Any] = {
        "enrolled": call.enrolled,
        "batches": call.batches,
        "batch_size": call.batch_size,
        "skipped": [
            {
                "contact_id": resource_uuid(Kind.CONTACT, call.tenant, skip.contact),
                "email": skip.email,
                "reason": _REASONS[skip.kind],
            }
            for skip in enrolled.skips
        ],
    }
    if enrolled.handed_over:
        body["batch_id"] = resource_uuid(Kind.BATCH, call.tenant, call.number)
    return body


def new_enrollment_body(enrollment: Enrollment) -> dict[str, Any]:
    """A contact that was just enrolled."""
    return {
        "id": enrollment_uuid(enrollment.tenant, enrollment.key),
        "contact_id": resource_uuid(Kind.CONTACT, enrollment.tenant, enrollment.key.contact),
        "batch_number": enrollment.batch_number,
        "status": progress(enrollment).value,
    }


def enrollment_body(placed: PlacedEnrollment) -> dict[str, Any]:
    """An enrollment as the campaign's list shows it; a connector is no credential."""
    enrollment = placed.enrollment
    tenant, sender = enrollment.tenant, None if placed.is_connected else enrollment.sender
    return {
        "id": enrollment_uuid(tenant, enrollment.key),
        "contact_id": resource_uuid(Kind.CONTACT, tenant, enrollment.key.contact),
        "smtp_credential_id": None if sender is None else resource_uuid(Kind.SENDER, tenant, sender),
        "status": progress(enrollment).value,
        "batch_number": enrollment.batch_number,
        "sent_at": iso_or_none(enrollment.sent_at),
        "opened_at": iso_or_none(enrollment.opened_at),
        "replied_at": iso_or_none(enrollment.replied_at),
        "bounce_reason": enrollment.bounce_reason,
    }


def reply_body(placed: PlacedEnrollment) -> dict[str, Any]:
    """An enrollment with how long its contact took to reply, in hours since the mail that was answered."""
    return enrollment_body(placed) | {"hours_to_reply": hours_to_reply(placed.enrollment)}


def contact_enrollment_body(enrollment: Enrollment) -> dict[str, Any]:
    """An enrollment as its contact shows it."""
    return {
        "id": enrollment_uuid(enrollment.tenant, enrollment.key),
        "campaign_id": resource_uuid(Kind.SEQUENCE, enrollment.tenant, enrollment.key.sequence),
        "status": progress(enrollment).value,
        "batch_number": enrollment.batch_number,
        "sent_at": iso_or_none(enrollment.sent_at),
    }


def skip_bodies(tenant: int, sequence: int, skips: Iterable[Skip], kind: str | None) -> Iterator[dict[str, Any]]:
    """Skip records of the contract's three kinds, or of one of them."""
    return (
        _skip_body(tenant, sequence, skip)
        for skip in skips
        if skip.kind in SKIP_KINDS and kind in (None, SKIP_KINDS[skip.kind])
    )


def _skip_body(tenant: int, sequence: int, skip: Skip) -> dict[str, Any]:
    campaign = resource_uuid(Kind.SEQUENCE, tenant, sequence)
    contact = resource_uuid(Kind.CONTACT, tenant, skip.contact)
    return {
        "id": str(uuid.uuid5(uuid.UUID(campaign), f"{contact} {SKIP_KINDS[skip.kind]}")),
        "campaign_id": campaign,
        "contact_id": contact,
        "email": skip.email,
        "kind": SKIP_KINDS[skip.kind],
        "reason": _REASONS[skip.kind],
        "created_at": iso(skip.at),
    }
