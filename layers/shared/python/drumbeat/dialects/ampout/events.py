"""Events as AmpOut's webhooks tell them (contract 2.8); what it does not name is marked."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.application.fan_out import Spelled
from drumbeat.domain.event import EventKind
from drumbeat.domain.ids import Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.logged_event import EnrollmentThen, LoggedEvent
    from drumbeat.domain.webhook_endpoint import WebhookEndpoint

_USUAL = {
    EventKind.STEP_FIRED: "enrollment.sent",
    EventKind.OPENED: "enrollment.opened",
    EventKind.REPLIED: "enrollment.replied",
    EventKind.BOUNCED: "enrollment.bounced",
    EventKind.UNSUBSCRIBED: "enrollment.unsubscribed",
    EventKind.SENDER_DISABLED: "credential.disabled",
    EventKind.SEQUENCE_PAUSED: "campaign.paused",
}
"""What `*` stands for: exactly what the contract has."""
_FURTHER = {
    EventKind.CLICKED: "enrollment.clicked",
    EventKind.OUT_OF_OFFICE: "enrollment.out_of_office",
    EventKind.COMPLETED: "enrollment.completed",
    EventKind.FAILED: "enrollment.failed",
    EventKind.COMPLAINED: "enrollment.complained",
}
"""Ours [inferred]: heard by those who name them."""
TEST = "webhook.test"
TYPES = (*_USUAL.values(), *_FURTHER.values(), TEST)


def spelled_for_endpoints(event: LoggedEvent) -> Spelled | None:
    """The event's type and data; None for what webhooks do not tell of.

    A step that is no mail is not `sent`; of opens and clicks the first counts (contract 2.8).
    """
    kind = _USUAL.get(event.kind) or _FURTHER.get(event.kind)
    if kind is None or (event.kind is EventKind.STEP_FIRED and not event.is_mail):
        return None
    if event.kind in (EventKind.OPENED, EventKind.CLICKED) and not event.first:
        return None
    return Spelled(kind, _data(event), only_if_named=event.kind in _FURTHER)


def enveloped(endpoint: WebhookEndpoint, event: LoggedEvent, spelled: Spelled) -> str:
    """The whole body for one endpoint, the same whenever it is made."""
    return _envelope(endpoint, event.id, spelled.kind, event.at, spelled.data)


def test_envelope(endpoint: WebhookEndpoint, event_id: str, at: int) -> tuple[str, str]:
    """Type and whole body of an event that tells of nothing."""
    data = {"webhook_id": resource_uuid(Kind.WEBHOOK, endpoint.tenant, endpoint.number)}
    return TEST, _envelope(endpoint, event_id, TEST, at, data)


def delivery_uuid(tenant: int, number: int, event_id: str) -> str:
    """What the contract calls a delivery: an event and the endpoint that hears it."""
    return str(uuid.uuid5(uuid.UUID(resource_uuid(Kind.WEBHOOK, tenant, number)), event_id))


def _envelope(endpoint: WebhookEndpoint, event_id: str, kind: str, at: int, data: Mapping[str, object]) -> str:
    body = {
        "id": delivery_uuid(endpoint.tenant, endpoint.number, event_id),
        "type": kind,
        "created_at": iso(at),
        "account_id": resource_uuid(Kind.TENANT, endpoint.tenant, endpoint.tenant),
        "data": data,
    }
    return json.dumps(body, ensure_ascii=False)


def _data(event: LoggedEvent) -> dict[str, Any]:
    if event.enrollment is not None:
        return _of_enrollment(event, event.enrollment)
    campaign = None if event.sequence is None else resource_uuid(Kind.SEQUENCE, event.tenant, event.sequence)
    if event.kind is EventKind.SEQUENCE_PAUSED:
        return {"campaign_id": campaign, "status": "paused", "reason": event.reason}
    return {
        "smtp_credential_id": None if event.sender is None else resource_uuid(Kind.SENDER, event.tenant, event.sender),
        "campaign_id": campaign,
        "from_email": event.sender_email,
        "disabled_at": iso(event.at),
        "reason": event.reason,
    }


def _of_enrollment(event: LoggedEvent, then: EnrollmentThen) -> dict[str, Any]:
    """As the event left the enrollment. `step` is ours [inferred]: three steps are three events of one enrollment."""
    return {
        "enrollment_id": enrollment_uuid(event.tenant, then.key),
        "contact_id": None if then.contact is None else resource_uuid(Kind.CONTACT, event.tenant, then.contact),
        "contact_email": then.contact_email,
        "campaign_id": resource_uuid(Kind.SEQUENCE, event.tenant, then.key.sequence),
        "status": then.progress.value,
        "sent_at": iso_or_none(then.sent_at),
        "opened_at": iso_or_none(then.opened_at),
        "replied_at": iso_or_none(then.replied_at),
        "bounce_reason": then.bounce_reason,
        "step": None if event.step is None else event.step + 1,
    }
