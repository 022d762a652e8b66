"""Inboxes: senders of mails, whichever API made them (docs/adr/0029). Passwords go in, never out."""

from __future__ import annotations

from typing import Any

from drumbeat.dialects.myagentmail.accounts import workspace_of
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.sequence import Sender, SenderKind
from drumbeat.domain.times import iso, iso_or_none


def inbox_id(sender: Sender) -> str:
    """What clients call an inbox."""
    return resource_uuid(Kind.SENDER, sender.tenant, sender.number)


def inbox_body(sender: Sender) -> dict[str, Any]:
    """An inbox, without its passwords, and the state it is in."""
    smtp = {"host": sender.host, "port": sender.port, "username": sender.username}
    imap = sender.imap
    return {
        "id": inbox_id(sender),
        "email": sender.from_email,
        "name": sender.from_name,
        "workspaceId": workspace_of(sender.tenant, sender.workspace),
        "kind": sender.kind.value,
        "smtp": smtp if sender.kind is SenderKind.SMTP else None,
        "imap": None if imap is None else {"host": imap.host, "port": imap.port, "username": imap.username},
        "dailyLimit": sender.daily_limit,
        "dailyMails": sender.daily_mails,
        "paceSeconds": None if sender.pace is None else list(sender.pace),
        "enabled": sender.disabled_at is None,
        "disabledReason": sender.disabled_reason,
        "restingUntil": iso_or_none(sender.resting_until),
        "lastError": sender.trouble,
        "createdAt": iso(sender.created_at),
        "updatedAt": iso(sender.updated_at or sender.created_at),
    }
