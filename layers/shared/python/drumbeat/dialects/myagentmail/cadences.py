"""Cadences: our sequences, whichever API made them (contract 3.2, 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.dialects.myagentmail.cadence_steps import step_body
from drumbeat.domain.beginning import is_on
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.connectors import Connected
    from drumbeat.domain.sequence import Sequence


def cadence_id(sequence: Sequence) -> str:
    """What clients call it."""
    return resource_uuid(Kind.SEQUENCE, sequence.tenant, sequence.number)


def cadence_row(sequence: Sequence) -> dict[str, Any]:
    """A cadence as lists show it."""
    return {
        "id": cadence_id(sequence),
        "name": sequence.name,
        "enabled": is_on(sequence),
        "dailySendCap": sequence.daily_cap,
        "createdAt": iso(sequence.created_at),
        "stepsCount": len(sequence.steps),
    }


def cadence_body(told: Connected, *, secret: str | None = None) -> dict[str, Any]:
    """A cadence with its steps; the secret is null but on the one occasion on which it is shown."""
    sequence = told.sequence
    hours = sequence.schedule or Schedule()
    return {
        "id": cadence_id(sequence),
        "name": sequence.name,
        "description": sequence.fields.get("description"),
        "enabled": is_on(sequence),
        "businessHoursOnly": hours.business_hours_only,
        "exitOnReply": sequence.exit_on_reply,
        "exitOnUnsubscribe": sequence.exit_on_unsubscribe,
        "trackClicks": sequence.track_clicks,
        "dailySendCap": sequence.daily_cap,
        "webhookUrl": told.url,
        "webhookSecret": secret,
        "createdAt": iso(sequence.created_at),
        "updatedAt": iso(sequence.updated_at or sequence.created_at),
        "steps": [step_body(step) for step in sequence.steps],
    }


def written_body(told: Connected, *, secret: str | None = None) -> dict[str, Any]:
    """What a write answers; the steps stand beside the cadence too, as the contract's pages print both."""
    cadence = cadence_body(told, secret=secret)
    return {"ok": True, "cadence": cadence, "steps": cadence["steps"]}


def once_body(told: Connected) -> dict[str, Any]:
    """What only the first answer holds: a new secret; nothing where there is none."""
    return written_body(told, secret=told.secret) if told.secret else {}
