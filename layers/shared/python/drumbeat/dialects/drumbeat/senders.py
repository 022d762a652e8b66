"""Senders of either kind as our own API says them: passwords go in, never out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drumbeat.application.senders import NewImapAccess, NewSender
from drumbeat.dialects.text import DailyLimit, Email, Host, Line, Port, Secret
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from drumbeat.domain.sequence import ImapAccess, Sender, SenderKind
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.inbox import Inbox


class SmtpBody(BaseModel):
    """Where a sender of kind smtp logs in."""

    model_config = ConfigDict(extra="forbid")

    host: Host
    port: Port
    username: Line
    password: Secret


class ImapBody(BaseModel):
    """Where replies to a sender arrive."""

    model_config = ConfigDict(extra="forbid")

    host: Host
    port: Port
    username: Line
    password: Secret


class CreateSenderRequest(BaseModel):
    """POST /drumbeat/v1/sequences/{sequence_id}/senders."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal[SenderKind.SMTP, SenderKind.SES]
    from_email: Email
    from_name: Annotated[Line, Field(max_length=100)] = ""
    label: Line | None = None
    daily_limit: DailyLimit = 50
    smtp: SmtpBody | None = None
    imap: ImapBody | None = None
    tagged_return_path: bool = False

    @model_validator(mode="after")
    def _server_goes_with_the_kind(self) -> Self:
        if (self.smtp is not None) != (self.kind is SenderKind.SMTP):
            raise ValueError("smtp goes with the kind smtp, and with no other")
        if self.tagged_return_path and self.kind is not SenderKind.SMTP:
            raise ValueError("tagged_return_path goes with the kind smtp: SES has a return path of its own")
        return self

    def wanted(self) -> NewSender:
        """The sender that is asked for."""
        login = {} if self.smtp is None else self.smtp.model_dump()
        return NewSender(
            kind=self.kind,
            label=self.label,
            from_name=self.from_name,
            from_email=self.from_email,
            daily_limit=self.daily_limit,
            imap=None if self.imap is None else NewImapAccess(**self.imap.model_dump()),
            tagged_return_path=self.tagged_return_path,
            **login,
        )


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
