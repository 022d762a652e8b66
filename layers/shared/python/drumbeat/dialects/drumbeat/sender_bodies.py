"""What senders of either kind may be made of by our own API."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drumbeat.application.senders import NewImapAccess, NewSender
from drumbeat.dialects.text import DailyLimit, Email, Host, Line, Port, Secret
from drumbeat.domain.sequence import SenderKind


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
