"""What happened, as our own API lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.domain.ids import Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.logged_event import LoggedEvent


def event_body(event: LoggedEvent) -> dict[str, Any]:
    """One event; `step` is the position of the mail that it is about, `status` how far the enrollment had come then."""
    return {
        "id": event.id,
        "type": event.kind.value,
        "occurredAt": iso(event.at),
        "loggedAt": iso(event.logged_at),
        "sequenceId": _id(Kind.SEQUENCE, event.tenant, event.sequence),
        "senderId": _id(Kind.SENDER, event.tenant, event.sender),
        "step": None if event.step is None else event.step + 1,
        "first": event.first,
        "isMail": event.is_mail,
        "isSync": event.is_sync,
        "reason": event.reason,
        "senderEmail": event.sender_email,
        "enrollment": _enrollment_body(event),
    }


def _enrollment_body(event: LoggedEvent) -> dict[str, Any] | None:
    then = event.enrollment
    if then is None:
        return None
    return {
        "id": enrollment_uuid(event.tenant, then.key),
        "contactId": _id(Kind.CONTACT, event.tenant, then.contact),
        "contactEmail": then.contact_email,
        "externalId": then.external_id,
        "status": then.progress.value,
        "sentAt": iso_or_none(then.sent_at),
        "openedAt": iso_or_none(then.opened_at),
        "repliedAt": iso_or_none(then.replied_at),
        "bouncedAt": iso_or_none(then.bounced_at),
        "bounceReason": then.bounce_reason,
        "unsubscribedAt": iso_or_none(then.unsubscribed_at),
    }


def _id(kind: Kind, tenant: int, number: int | None) -> str | None:
    """Nothing has the number 0: it stands for a sender that is not known."""
    return resource_uuid(kind, tenant, number) if number else None
