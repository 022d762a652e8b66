"""Sequences and senders as conditions see them."""

from typing import Any

from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, step_number


def view_of_sequence(sequence: Sequence) -> dict[str, Any]:
    """The sequence as conditions see it."""
    return {
        **sequence.fields,
        "number": sequence.number,
        "name": sequence.name,
        "active": sequence.status is SequenceStatus.ACTIVE,
        "owner": sequence.owner,
        "ruleset": sequence.ruleset,
        "tags": sequence.tags,
        "max_active": sequence.max_active,
        "max_adds_per_day": sequence.max_adds_per_day,
        "throttle_paused": sequence.throttle_paused,
        "steps": tuple(step_number(sequence.number, index) for index in range(len(sequence.steps))),
        "enabled_at": sequence.enabled_at,
        "created_at": sequence.created_at,
        "updated_at": sequence.updated_at or sequence.created_at,
    }


def view_of_sender(sender: Sender) -> dict[str, Any]:
    """The sender as conditions see it; no secret is in it."""
    return {
        **sender.fields,
        "number": sender.number,
        "email": sender.from_email,
        "name": sender.from_name,
        "user": sender.user,
        "kind": sender.kind.value,
        "host": sender.host,
        "port": sender.port,
        "username": sender.username,
        "disabled": sender.disabled_at is not None,
        "resting_until": sender.resting_until,
        "trouble": sender.disabled_reason or sender.trouble,
        "created_at": sender.created_at,
        "updated_at": sender.updated_at or sender.created_at,
    }
