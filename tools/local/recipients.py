"""People who got a mail and do something about it, and what their mail servers do."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import StrEnum

from tools.local.api import fetch
from tools.local.delivered import Mail
from tools.local.imap_server import deliver
from tools.local.processes import ProcessFailedError

_ONE_CLICK = b"List-Unsubscribe=One-Click"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_AWAY_FOR = timedelta(days=14)


class Reaction(StrEnum):
    """What somebody does about a mail."""

    OPEN = "open"
    REPLY = "reply"
    AWAY = "away"
    BOUNCE = "bounce"
    UNSUBSCRIBE = "unsubscribe"


STOPS = frozenset(set(Reaction) - {Reaction.OPEN})
"""What keeps further mails from somebody, for good or for now."""

_EVERY = 30
_TURNS = {
    **dict.fromkeys(range(0, _EVERY, 3), Reaction.OPEN),
    **dict.fromkeys((1, 16), Reaction.REPLY),
    **dict.fromkeys((4, 19), Reaction.AWAY),
    7: Reaction.BOUNCE,
    **dict.fromkeys((10, 25), Reaction.UNSUBSCRIBE),
}


def reactions_to(mails: Collection[Mail]) -> list[tuple[Reaction, Mail]]:
    """Who does what, the same in every run: of thirty ten open, two answer, two are away, one is gone, two leave."""
    in_order = sorted(mails, key=lambda mail: mail.recipient)
    turns = ((_TURNS.get(place % _EVERY), mail) for place, mail in enumerate(in_order))
    return [(reaction, mail) for reaction, mail in turns if reaction is not None]


def stopped_by(reactions: Sequence[tuple[Reaction, Mail]]) -> set[str]:
    """Who gets nothing more, for good or for now."""
    return {mail.recipient for reaction, mail in reactions if reaction in STOPS}


def play(reactions: Sequence[tuple[Reaction, Mail]], imap_port: int) -> None:
    """Do all of it. Raises ProcessFailedError for a link that does not answer as it should."""
    for reaction, mail in reactions:
        match reaction:
            case Reaction.OPEN:
                _load(mail.pixel)
            case Reaction.UNSUBSCRIBE:
                _load(mail.unsubscribe.strip("<>"), _ONE_CLICK)
            case Reaction.REPLY:
                deliver(imap_port, mailbox_named(mail.sender), answer_to(mail).as_bytes())
            case Reaction.AWAY:
                deliver(imap_port, mailbox_named(mail.sender), absence_of(mail).as_bytes())
            case Reaction.BOUNCE:
                deliver(imap_port, mailbox_named(mail.sender), report_on(mail))


def mailbox_named(address: str) -> str:
    """The user whose mailbox an address is."""
    return address.partition("@")[0]


def answer_to(mail: Mail) -> EmailMessage:
    """What somebody writes back."""
    message = EmailMessage()
    message["From"], message["To"] = mail.recipient, mail.sender
    message["Subject"] = f"Re: {mail.subject}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain="mailbox.example")
    message["In-Reply-To"] = message["References"] = mail.message_id
    message.set_content("Yes, tell me more.\n\n> did you get my question?\n")
    return message


def absence_of(mail: Mail) -> EmailMessage:
    """What somebody's mailbox writes back by itself."""
    message = answer_to(mail)
    message.replace_header("Subject", f"Automatic reply: {mail.subject}")
    message["Auto-Submitted"] = "auto-replied"
    back = datetime.now(UTC) + _AWAY_FOR
    message.set_content(f"I am out of the office and back on {back:%d %B %Y}.\n")
    return message


def report_on(mail: Mail) -> bytes:
    """What the recipient's server says about a mail that it took and then could not deliver (RFC 3464)."""
    lines = (
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.mailbox.example>",
        f"To: {mail.return_path or mail.sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: {make_msgid(domain='mx.mailbox.example')}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"',
        "",
        "--=_report",
        "Content-Type: text/plain",
        "",
        f"<{mail.recipient}>: no such mailbox here any more",
        "--=_report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.mailbox.example",
        "",
        f"Final-Recipient: rfc822; {mail.recipient}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
        "--=_report",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {mail.message_id}",
        "",
        "--=_report--",
        "",
    )
    return "\r\n".join(lines).encode()


def _load(url: str, form: bytes | None = None) -> None:
    headers = {"User-Agent": "Mozilla/5.0 (the demo's reader)"} | (_FORM if form else {})
    status, _body = fetch(url, "POST" if form else "GET", form, headers)
    if status not in range(200, 300):
        raise ProcessFailedError(f"{url} answered {status}")
