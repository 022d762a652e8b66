"""Sequences, their steps and senders as items of the table."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.agent_items import agent_member, agent_of
from drumbeat.adapters.dynamodb.hours_items import hours_member, hours_of, schedule_of
from drumbeat.domain.sequence import (
    DraftStrategy,
    ImapAccess,
    Sender,
    SenderKind,
    Sequence,
    SequenceStatus,
    Step,
    StepCondition,
    StepKind,
)


def sequence_item(sequence: Sequence) -> dict[str, Any]:
    """The sequence as it is kept."""
    partition, sort = keys.sequence(sequence.tenant, sequence.number)
    written = {
        "hours": hours_member(sequence.hours),
        "agent": agent_member(sequence.agent),
        "revision": sequence.revision or None,
        "schedule_revision": None if sequence.schedule is None else sequence.schedule.revision,
    }
    return {"PK": partition, "SK": sort} | asdict(sequence) | written


def sequence_of(item: Mapping[str, Any]) -> Sequence:
    """The sequence that `sequence_item` wrote."""
    return Sequence(
        tenant=item["tenant"],
        number=item["number"],
        name=item["name"],
        status=SequenceStatus(item["status"]),
        program=item.get("program"),
        min_wait_seconds=item["min_wait_seconds"],
        max_wait_seconds=item["max_wait_seconds"],
        verify_email_mx=item["verify_email_mx"],
        bounce_rate_threshold=float(item["bounce_rate_threshold"]),
        steps=tuple(step_of(step) for step in item["steps"]),
        senders=tuple(item["senders"]),
        created_at=item["created_at"],
        retired_senders=tuple(item["retired_senders"]),
        hours=hours_of(item.get("hours")),
        daily_cap=item.get("daily_cap"),
        schedule=schedule_of(item.get("schedule")),
        owner=item.get("owner"),
        ruleset=item.get("ruleset"),
        tags=tuple(item.get("tags", ())),
        max_active=item.get("max_active"),
        max_adds_per_day=item.get("max_adds_per_day"),
        throttle_paused=item.get("throttle_paused", False),
        enabled_at=item.get("enabled_at"),
        updated_at=item.get("updated_at"),
        fields=item.get("fields", {}),
        mailboxes=tuple(item.get("mailboxes", ())),
        revision=item.get("revision", 0),
        workspace=item.get("workspace"),
        connector=item.get("connector"),
        exit_on_reply=item.get("exit_on_reply", True),
        exit_on_unsubscribe=item.get("exit_on_unsubscribe", True),
        agent=agent_of(item.get("agent")),
        paused_reason=item.get("paused_reason"),
        track_clicks=item.get("track_clicks", False),
    )


def step_of(member: Mapping[str, Any]) -> Step:
    """The step as a sequence's item holds it; what an older one lacks is the default."""
    condition = member.get("condition")
    typed = {
        "kind": StepKind(member.get("kind", StepKind.EMAIL)),
        "condition": None if condition is None else StepCondition(condition),
        "draft": DraftStrategy(member.get("draft", DraftStrategy.STATIC)),
    }
    return Step(**(dict(member) | typed))


def sender_item(sender: Sender) -> dict[str, Any]:
    """The sender as it is kept: its passwords are sealed before they come here."""
    partition, sort = keys.sender(sender.tenant, sender.number)
    unless_default = {
        "revision": sender.revision or None,
        "tagged_return_path": sender.tagged_return_path or None,
    }
    return {"PK": partition, "SK": sort} | asdict(sender) | unless_default


def sender_of(item: Mapping[str, Any]) -> Sender:
    """The sender that `sender_item` wrote."""
    fields = {name: value for name, value in item.items() if name not in {"PK", "SK", "imap"}}
    imap = item.get("imap")
    fields["kind"] = SenderKind(fields.get("kind", SenderKind.SMTP))
    pace = item.get("pace")
    optional = {
        "label": item.get("label"),
        "sequence": item.get("sequence"),
        "imap": None if imap is None else ImapAccess(**imap),
        "pace": None if pace is None else tuple(pace),
    }
    return Sender(**(fields | optional))
