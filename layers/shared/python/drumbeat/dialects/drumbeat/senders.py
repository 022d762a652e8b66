"""Senders of either kind as our own API says them: passwords go in, never out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from drumbeat.domain.sequence import ImapAccess, Sender, SenderKind
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.inbox import Inbox


def sender_number(tenant: int, spelled: str) -> int:
    """The number behind a sender's id. Raises NotFound for anything else."""
    number = resource_number(Kind.SENDER, tenant, spelled)
    if number is None:
        raise NotFound("sender")
    return number


def _sequence_id(sender: Sender) -> str | None:
    return None if sender.sequence is None else resource_uuid(Kind.SEQUENCE, sender.tenant, sender.sequence)


def sender_body(sender: Sender, inbox: Inbox | None = None) -> dict[str, Any]:
    """A sender and the state it is in: until when it rests and why, or since when it is switched off.

    `inbox` is how far the mailbox has been read that replies to it arrive in.
    """
    smtp = {"host": sender.host, "port": sender.port, "username": sender.username}
    return {
        "id": resource_uuid(Kind.SENDER, sender.tenant, sender.number),
        "sequence_id": _sequence_id(sender),
        "kind": sender.kind.value,
        "label": sender.label,
        "from_email": sender.from_email,
        "from_name": sender.from_name,
        "daily_limit": sender.daily_limit,
        "smtp": smtp if sender.kind is SenderKind.SMTP else None,
        "imap": _imap_body(sender.imap, inbox),
        "tagged_return_path": sender.tagged_return_path,
        "created_at": iso(sender.created_at),
        "resting_until": iso_or_none(sender.resting_until),
        "trouble": sender.trouble,
        "disabled_at": iso_or_none(sender.disabled_at),
        "disabled_reason": sender.disabled_reason,
    }


def hooks_body(root: str, token: str) -> dict[str, Any]:
    """Where providers report about the sender's mails; who knows the URL is believed, so that it is a secret."""
    return {"hooks": {"smtp2go": f"{root}/t/hooks/smtp2go/{token}"}}


def _imap_body(access: ImapAccess | None, inbox: Inbox | None) -> dict[str, Any] | None:
    """Where replies arrive, and what is in the way of reading them: without `next_poll_at` nobody tries any more."""
    if access is None:
        return None
    return {
        "host": access.host,
        "port": access.port,
        "username": access.username,
        "polled_at": iso_or_none(None if inbox is None else inbox.polled_at),
        "next_poll_at": iso_or_none(None if inbox is None else inbox.due),
        "trouble": None if inbox is None else inbox.trouble,
    }
