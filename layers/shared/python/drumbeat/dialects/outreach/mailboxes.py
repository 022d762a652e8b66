"""Mailboxes (contract 1.7): senders that enrollments are bound to. What logs in at a server goes in and never out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drumbeat.application.senders import NewSender, login_problem, with_login
from drumbeat.application.shared_senders import NewSharedSender
from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.errors import refused
from drumbeat.domain.sender_health import SWITCHED_OFF, switched_off, switched_on
from drumbeat.domain.sequence_views import view_of_sender

if TYPE_CHECKING:
    from drumbeat.application.ports import Vault
    from drumbeat.domain.sequence import Sender

DAYS_A_WEEK = 7
_LIMITS = {"most_per_day": 500, "most_per_week": 5_000, "period": 60, "threshold": 2}
"""What Outreach recommends, and what holds where nothing is asked for."""
_LOGIN = ("host", "port", "username", "password")
_PASSWORD = "data.attributes.smtpPassword"  # noqa: S105 - where it is in a body


def view_of_mailbox(sender: Sender) -> dict[str, Any]:
    """The sender as conditions see it, its limits as they were asked for."""
    return _LIMITS | view_of_sender(sender)


MAILBOXES = Collection(
    type="mailbox",
    path="mailboxes",
    view=view_of_mailbox,
    attributes=(
        Attribute("email", "email", Shape.TEXT, "FS", nullable=False),
        Attribute("fromName", "name", nullable=False),
        Attribute("userId", "user", Shape.WHOLE, "FSR"),
        Attribute("sendMethod", "kind", nullable=False),
        Attribute("sendDisabled", "disabled", Shape.FLAG, nullable=False),
        Attribute("sendErrorReason", "trouble", Shape.TEXT, "R"),
        Attribute("smtpHost", "host", Shape.TEXT, "W", nullable=False),
        Attribute("smtpPort", "port", Shape.WHOLE, "W", nullable=False),
        Attribute("smtpUsername", "username", Shape.TEXT, "W", nullable=False),
        Attribute("smtpPassword", "password", Shape.TEXT, "W", nullable=False),
        Attribute("maxMailingsPerDay", "most_per_day", Shape.WHOLE, nullable=False),
        Attribute("maxMailingsPerWeek", "most_per_week", Shape.WHOLE, nullable=False),
        Attribute("sendPeriod", "period", Shape.WHOLE, nullable=False),
        Attribute("sendThreshold", "threshold", Shape.WHOLE, nullable=False),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
    relations=(Relation("user", "user", "user"),),
)


def new_mailbox(given: Mapping[str, Any]) -> NewSharedSender:
    """The sender that a body asks for."""
    asked = {name: given[name] for name in _LIMITS if name in given}
    limits = _LIMITS | asked
    login = {name: given[name] for name in _LOGIN}
    sender = NewSender(
        label=None,
        from_name=given.get("name", ""),
        from_email=given["email"],
        daily_limit=_daily(limits),
        **login,
    )
    return NewSharedSender(
        sender=sender,
        user=given.get("user"),
        pace=_pace(limits),
        daily_mails=_daily(limits),
        disabled_reason=SWITCHED_OFF if given.get("disabled") else None,
        fields=asked,
    )


def changed_mailbox(sender: Sender, given: Mapping[str, Any], vault: Vault, now: int) -> Sender:
    """The sender with what is given.

    Raises ValidationFailed for a login of one that has none, and for another server without the password: what is kept
    goes to no server that it was not given for.
    """
    changed = replace(
        sender,
        from_email=given.get("email", sender.from_email),
        from_name=given.get("name", sender.from_name),
        user=given.get("user", sender.user),
    )
    changed = _with_login(changed, given, vault)
    return _switched(_with_limits(changed, given), given, now)


def _with_login(sender: Sender, given: Mapping[str, Any], vault: Vault) -> Sender:
    asked = {name: given[name] for name in _LOGIN if name in given}
    match login_problem(sender, asked):
        case "kind", message:
            raise refused("data.attributes.sendMethod", message)
        case "password", message:
            raise refused(_PASSWORD, message)
    return with_login(sender, asked, vault)


def _with_limits(sender: Sender, given: Mapping[str, Any]) -> Sender:
    asked = {name: given[name] for name in _LIMITS if name in given}
    if not asked:
        return sender
    fields = {**sender.fields, **asked}
    limits = _LIMITS | fields
    return replace(sender, fields=fields, pace=_pace(limits), daily_mails=_daily(limits), daily_limit=_daily(limits))


def _switched(sender: Sender, given: Mapping[str, Any], now: int) -> Sender:
    match given.get("disabled"):
        case True:
            return switched_off(sender, now)
        case False:
            return switched_on(sender, now)
    return sender


def _daily(limits: Mapping[str, int]) -> int:
    """Mails per UTC day that keep the week's limit too, however they fall."""
    return min(limits["most_per_day"], limits["most_per_week"] // DAYS_A_WEEK)


def _pace(limits: Mapping[str, int]) -> tuple[int, int]:
    """Seconds between two mails, so that no period sees more than the threshold."""
    gap = -(-limits["period"] // limits["threshold"])
    return gap, gap
