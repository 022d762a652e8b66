"""What AmpOut's SMTP credentials may be made of and changed to (contract 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, model_validator

from drumbeat.application.senders import NewImapAccess, NewSender
from drumbeat.dialects.text import DailyLimit, Email, Host, Line, Port, Secret
from drumbeat.domain.email import normalized
from drumbeat.domain.errors import ValidationFailed
from drumbeat.domain.sequence import ImapAccess, Sender, SenderKind

if TYPE_CHECKING:
    from drumbeat.application.ports import Vault

_IMAP = ("imap_host", "imap_port", "imap_username", "imap_password")


class _Imap(BaseModel):
    imap_host: Host | None = None
    imap_port: Port | None = None
    imap_username: Line | None = None
    imap_password: Secret | None = None


def _missing(given: Mapping[str, Any]) -> str:
    """What is wrong with a part of an IMAP access; nothing where all of it is there, or none."""
    missing = [name for name in _IMAP if given.get(name) is None]
    return f"{', '.join(_IMAP)} go together; {', '.join(missing)} missing" if 0 < len(missing) < len(_IMAP) else ""


class NewCredential(_Imap):
    """A credential of its own: everything it needs to send must be there."""

    label: Line | None = None
    smtp_host: Host
    smtp_port: Port
    smtp_username: Line
    smtp_password: Secret
    from_name: Line
    from_email: Email
    daily_limit: DailyLimit
    tagged_return_path: bool = False

    @model_validator(mode="after")
    def _imap_is_whole(self) -> Self:
        problem = _missing(self.model_dump(include=set(_IMAP)))
        if problem:
            raise ValueError(problem)
        return self

    def imap(self) -> NewImapAccess | None:
        """Where replies arrive, if the four fields say so."""
        if not (self.imap_host and self.imap_port and self.imap_username and self.imap_password):
            return None
        return NewImapAccess(self.imap_host, self.imap_port, self.imap_username, self.imap_password)

    def wanted(self) -> NewSender:
        """The sender that is asked for."""
        return NewSender(
            label=self.label,
            host=self.smtp_host,
            port=self.smtp_port,
            username=self.smtp_username,
            password=self.smtp_password,
            from_name=self.from_name,
            from_email=self.from_email,
            daily_limit=self.daily_limit,
            imap=self.imap(),
            tagged_return_path=self.tagged_return_path,
        )


class CampaignCredential(NewCredential):
    """A credential inside a new campaign, where the documented sample leaves the from fields out [inferred defaults].

    The address defaults to the user name if that is one, the name to nothing, the daily limit to a careful 50.
    """

    from_name: Line = ""
    from_email: Email = ""
    daily_limit: DailyLimit = 50

    @model_validator(mode="after")
    def _from_email_is_known(self) -> Self:
        if not self.from_email:
            normal = normalized(self.smtp_username)
            if normal is None:
                raise ValueError("from_email is missing and smtp_username is not an address")
            self.from_email = normal
        return self


class CreateSmtpCredentialRequest(BaseModel):
    """POST /campaigns/{campaign_id}/smtp_credentials."""

    smtp_credential: NewCredential


class CredentialChanges(_Imap):
    """What a credential may change; what is absent stays, and four nulls end the IMAP access."""

    label: Line | None = None
    smtp_host: Host = ""
    smtp_port: Port = 0
    smtp_username: Line = ""
    smtp_password: Secret = ""
    from_name: Line = ""
    from_email: Email = ""
    daily_limit: DailyLimit = 0
    tagged_return_path: bool = False


class UpdateSmtpCredentialRequest(BaseModel):
    """PATCH /campaigns/{campaign_id}/smtp_credentials/{credential_id}."""

    smtp_credential: CredentialChanges

    def change(self, vault: Vault) -> Callable[[Sender], Sender]:
        """What the request does to a sender; new passwords are sealed on the way."""
        return lambda sender: _changed(sender, self.smtp_credential, vault)


_RENAMED = {"smtp_host": "host", "smtp_port": "port", "smtp_username": "username"}
_SAME = {"label", "from_name", "from_email", "daily_limit", "tagged_return_path"}


def _changed(sender: Sender, changes: CredentialChanges, vault: Vault) -> Sender:
    given = changes.model_dump(exclude_unset=True)
    _refuse_a_server_where_none_is(sender, given)
    fields: dict[str, Any] = {
        _RENAMED.get(name, name): given[name] for name in given if name in _SAME | _RENAMED.keys()
    }
    if "smtp_password" in given:
        fields["sealed_password"] = vault.seal(given["smtp_password"], tenant=sender.tenant, sender=sender.number)
    if given.keys() & set(_IMAP):
        fields["imap"] = _changed_imap(sender, given, vault)
    return replace(sender, **fields)


def _refuse_a_server_where_none_is(sender: Sender, given: Mapping[str, Any]) -> None:
    """AmpOut knows SMTP only; a sender of another kind logs in nowhere."""
    named = [name for name in given if name.startswith("smtp_")]
    if named and sender.kind is not SenderKind.SMTP:
        message = f"sends through {sender.kind.value.upper()} and has no {', '.join(named)}"
        errors = [{"field": f"smtp_credential.{name}", "code": "value_error", "message": message} for name in named]
        raise ValidationFailed(f"smtp_credential: {message}", errors=errors)


def _changed_imap(sender: Sender, given: Mapping[str, Any], vault: Vault) -> ImapAccess | None:
    known = () if sender.imap is None else astuple(sender.imap)
    access = dict(zip(_IMAP, known, strict=False)) | {name: given[name] for name in _IMAP if name in given}
    problem = _missing(access)
    if problem:
        errors = [{"field": "smtp_credential", "code": "value_error", "message": problem}]
        raise ValidationFailed(f"smtp_credential: {problem}", errors=errors)
    if given.get("imap_password") is not None:
        access["imap_password"] = vault.seal(given["imap_password"], tenant=sender.tenant, sender=sender.number)
    return None if access.get("imap_host") is None else ImapAccess(*(access[name] for name in _IMAP))
