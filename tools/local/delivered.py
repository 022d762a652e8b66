"""What arrived in the sink: the mails of a Maildir, and what is wrong with them."""

import html
import mailbox
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path

_FILE_NAME = re.compile(r"(\d+)\.M(\d+)P")
_PIXEL = re.compile(r"""<img[^>]*?\bsrc=["']([^"']*/t/o/[^"']+)["']""")


@dataclass(frozen=True)
class Mail:
    """One mail to one recipient; it arrived at that instant, in UTC milliseconds."""

    recipient: str
    subject: str
    message_id: str
    pixel: str
    unsubscribe: str
    body: str
    arrived: int
    sender: str = ""
    return_path: str = ""


def count(maildir: Path) -> int:
    """How many mails there are, without reading them."""
    new = maildir / "new"
    return sum(1 for _ in new.iterdir()) if new.exists() else 0


def read(maildir: Path) -> list[Mail]:
    """Every mail, once per recipient it was delivered to."""
    parser = BytesParser(policy=policy.default)
    box = mailbox.Maildir(maildir, create=True)
    return [mail for key in box.iterkeys() for mail in _mails(parser.parsebytes(box.get_bytes(key)), arrived_at(key))]


def arrived_at(name: str) -> int:
    """When a mail was put into its Maildir, as the name of its file says. Raises ValueError if it does not."""
    stamp = _FILE_NAME.match(name)
    if stamp is None:
        raise ValueError(f"{name} is not a name that this sink gives")
    return int(stamp[1]) * 1000 + int(stamp[2]) // 1000


def _mails(message: EmailMessage, arrived: int) -> list[Mail]:
    page = message.get_body(("html",))
    body = str(page.get_content()) if isinstance(page, EmailMessage) else ""
    pixel = _PIXEL.search(body)
    return [
        Mail(
            recipient=str(recipient).strip().lower(),
            subject=str(message["Subject"]),
            message_id=str(message["Message-ID"] or ""),
            pixel=html.unescape(pixel[1]) if pixel else "",
            unsubscribe=str(message["List-Unsubscribe"] or ""),
            body=body,
            arrived=arrived,
            sender=parseaddr(str(message["From"] or ""))[1].lower(),
            return_path=str(message["Return-Path"] or "").strip("<>"),
        )
        for recipient in message.get_all("Delivered-To", [])
    ]


def repeats(mails: Iterable[Mail]) -> int:
    """How many mails are one too many: the same Message-ID, or the same subject to the same recipient, again."""
    mails = list(mails)
    by_id = Counter((mail.recipient, mail.message_id) for mail in mails if mail.message_id)
    by_subject = Counter((mail.recipient, mail.subject) for mail in mails)
    return max(sum(seen - 1 for seen in counts.values()) for counts in (by_id, by_subject))


def is_flawed(mail: Mail) -> bool:
    """Whether the mail lacks something that every mail must have, or shows a merge field as it was written."""
    return not (mail.message_id and mail.pixel and mail.unsubscribe) or "{{" in mail.subject + mail.body
