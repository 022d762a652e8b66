"""What inboxes may be made of and changed to (docs/adr/0029)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from drumbeat.application.senders import NewImapAccess, NewSender, login_problem, seal_imap, with_login
from drumbeat.application.shared_senders import NewSharedSender
from drumbeat.dialects.myagentmail.account_bodies import Id
from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.text import DailyLimit, Email, Host, Line, Port, Secret, Wait
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.sender_health import switched_off, switched_on
from drumbeat.domain.sequence import Sender, SenderKind

if TYPE_CHECKING:
    from drumbeat.application.ports import Vault

type InboxName = Annotated[Line, Field(max_length=100)]
_AT_FAULT = {"kind": "smtp", "password": "smtp.password"}


class Server(Fields):
    """Where an inbox logs in, to send or to read."""

    host: Host
    port: Port
    username: Line
    password: Secret


class Identity(Fields):
    """Stands for the operator's SES: there is nothing to say about it but that it is meant."""


class ServerChanges(Fields):
    """What changes of where an inbox sends from; what is absent stays."""

    host: Host = ""
    port: Port = 0
    username: Line = ""
    password: Secret = ""


class Pace(Fields):
    """Seconds between two mails of an inbox: the shortest wait and the longest."""

    pace_seconds: Annotated[list[Wait], Field(min_length=2, max_length=2)] | None = None

    @model_validator(mode="after")
    def _begins_with_the_shortest(self) -> Self:
        if self.pace_seconds is not None and self.pace_seconds[0] > self.pace_seconds[1]:
            raise ValueError("paceSeconds: the shortest wait comes first")
        return self

    def pace(self) -> tuple[int, int] | None:
        """Both, None for those of the cadence."""
        return None if self.pace_seconds is None else (self.pace_seconds[0], self.pace_seconds[1])


class CreateInboxRequest(Pace):
    """POST /v1/inboxes: it sends through a server, or through the operator's SES."""

    email: Email
    name: InboxName = ""
    workspace_id: Id | None = None
    smtp: Server | None = None
    ses: Identity | None = None
    imap: Server | None = None
    daily_limit: DailyLimit = 50
    daily_mails: DailyLimit | None = None

    @model_validator(mode="after")
    def _sends_in_one_way(self) -> Self:
        if (self.smtp is None) == (self.ses is None):
            raise ValueError("an inbox sends through smtp or through ses: say one of them")
        return self

    def wanted(self, workspace: int | None) -> NewSharedSender:
        """The sender that is asked for."""
        login = {} if self.smtp is None else self.smtp.model_dump()
        sender = NewSender(
            label=None,
            from_name=self.name,
            from_email=self.email,
            daily_limit=self.daily_limit,
            kind=SenderKind.SES if self.smtp is None else SenderKind.SMTP,
            imap=_imap(self.imap),
            **login,
        )
        return NewSharedSender(sender, workspace=workspace, pace=self.pace(), daily_mails=self.daily_mails)


class UpdateInboxRequest(Pace):
    """PATCH /v1/inboxes/{inbox_id}: what is absent stays, null ends what an inbox can be without."""

    email: Email = ""
    name: InboxName = ""
    smtp: ServerChanges = ServerChanges()
    imap: Server | None = None
    daily_limit: DailyLimit = 0
    daily_mails: DailyLimit | None = None
    enabled: bool = True

    def change(self, vault: Vault, now: int) -> Callable[[Sender], Sender]:
        """What the request does to a sender. It raises ValidationFailed for a login that does not go with it."""
        return lambda sender: self._switched(self._with_servers(self._renamed(sender), vault), now)

    def _renamed(self, sender: Sender) -> Sender:
        names = {"email": "from_email", "name": "from_name", "daily_limit": "daily_limit", "daily_mails": "daily_mails"}
        given: dict[str, Any] = {names[name]: getattr(self, name) for name in names if name in self.model_fields_set}
        return replace(sender, **given | ({"pace": self.pace()} if "pace_seconds" in self.model_fields_set else {}))

    def _with_servers(self, sender: Sender, vault: Vault) -> Sender:
        asked = self.smtp.model_dump(exclude_unset=True)
        problem = login_problem(sender, asked)
        if problem is not None:
            raise invalid_field(_AT_FAULT[problem[0]], problem[1])
        changed = with_login(sender, asked, vault)
        if "imap" not in self.model_fields_set:
            return changed
        access = seal_imap(vault, _imap(self.imap), tenant=sender.tenant, number=sender.number)
        return replace(changed, imap=access)

    def _switched(self, sender: Sender, now: int) -> Sender:
        if "enabled" not in self.model_fields_set:
            return sender
        return switched_on(sender, now) if self.enabled else switched_off(sender, now)


def _imap(server: Server | None) -> NewImapAccess | None:
    return None if server is None else NewImapAccess(server.host, server.port, server.username, server.password)
