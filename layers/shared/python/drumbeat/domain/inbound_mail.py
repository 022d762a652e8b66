"""What a mail in a sender's mailbox is: an answer, a returned mail, an automatic word, or nothing that concerns us.

Pure, and for any bytes: `read_mail` never raises, takes time in proportion to the mail's length, and looks at no more
than its first MiB. What it can't tell from an answer it calls an answer, as a person may have written it; what it can't
tell from a dead address it does not call one (ADR 46).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from drumbeat.domain.automatic_mail import (
    has_no_return_path,
    is_about_a_calendar,
    is_about_a_list,
    is_automatic,
)
from drumbeat.domain.delivery_status import Returned, first_address
from drumbeat.domain.mime import Part, read_part
from drumbeat.domain.out_of_office import absence_in
from drumbeat.domain.reports import Report, report_in
from drumbeat.domain.times import SECOND

MOST_IDS = 50
MOST_SUBJECT = 500
_YEAR_2100 = 4_102_444_800_000
_ID = re.compile(r"<[^<>\s]{1,250}>")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]{1,128}@[A-Za-z0-9.-]{1,255}")
_IN_ANGLES = re.compile(r"<([^<>\s]{1,384})>")
_ADDRESSED = (
    "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to", "resent-to", "to",
    "cc",
)  # fmt: skip


class MailKind(StrEnum):
    """What a mail is to whoever sent the mail that it may be about."""

    REPLY = "reply"  # a person's own words, as far as anybody can tell
    OUT_OF_OFFICE = "out_of_office"  # nobody is there to read, now or (`gone`) any more
    AUTO_REPLY = "auto_reply"  # another automatic word: a ticket number, a thank-you, a question whether we are human
    BOUNCE = "bounce"  # the mail did not reach at least one recipient
    COMPLAINT = "complaint"  # the recipient called the mail spam (RFC 5965)
    OTHER = "other"  # newsletters, receipts, calendars, reports that nothing went wrong or is lost yet


@dataclass(frozen=True, slots=True)
class InboundMail:
    """What a mail says about itself; nothing of it is proven, and ids and addresses are only what somebody wrote.

    `answers` are the ids of In-Reply-To and References, the nearest first; `addressed_to` the addresses that it came
    to, those that servers wrote first; `sent_at` its own Date (UTC ms). `back_on` is the first day on which somebody
    who is out of office may be back, never before the mail came and at most 120 days after; `gone` says that nobody
    will be. Of a report, `returned` has an entry for each recipient that it tells of, where entries that are `delayed`
    have not come back; `original_ids` are the Message-IDs of the mail that it is about, `return_paths` the addresses
    and envelope ids that this mail was sent with.
    """

    kind: MailKind
    message_id: str | None
    answers: tuple[str, ...]
    addressed_to: tuple[str, ...]
    sender: str | None
    subject: str
    sent_at: int | None
    back_on: date | None = None
    gone: bool = False
    returned: tuple[Returned, ...] = ()
    original_ids: tuple[str, ...] = ()
    return_paths: tuple[str, ...] = ()


def read_mail(raw: bytes, *, received_at: int) -> InboundMail:
    """What these bytes are as a mail that came at `received_at` (UTC ms). Never raises, whatever they are."""
    mail = read_part(raw)
    plain = _plainly(mail)
    report = report_in(mail)
    if report is not None:
        return _of_report(plain, report)
    if not is_automatic(mail) and not has_no_return_path(mail):
        return replace(plain, kind=MailKind.OTHER if _is_noise(mail, plain) else MailKind.REPLY)
    absence = absence_in(mail, datetime.fromtimestamp(received_at // SECOND, UTC).date())
    if absence is not None:
        return replace(plain, kind=MailKind.OUT_OF_OFFICE, back_on=absence.back_on, gone=absence.gone)
    if not is_automatic(mail):
        return replace(plain, kind=MailKind.REPLY)
    return replace(plain, kind=MailKind.OTHER if _is_noise(mail, plain) else MailKind.AUTO_REPLY)


def _is_noise(mail: Part, plain: InboundMail) -> bool:
    """Whether it answers nothing and is not meant for one person."""
    if not mail.fields:
        return True
    return not plain.answers and (is_about_a_list(mail) or is_about_a_calendar(mail))


def _plainly(mail: Part) -> InboundMail:
    return InboundMail(
        kind=MailKind.OTHER,
        message_id=next(iter(_ids(mail.field("message-id"))), None),
        answers=_answers(mail),
        addressed_to=tuple(dict.fromkeys(_addressed_to(mail))),
        sender=_sender(mail),
        subject=mail.header("subject")[:MOST_SUBJECT],
        sent_at=_instant(mail.field("date")),
    )


def _of_report(plain: InboundMail, report: Report) -> InboundMail:
    return replace(
        plain,
        kind=_kind_of(report),
        returned=report.returned,
        original_ids=tuple(dict.fromkeys(each for text in report.original_ids for each in _ids(text)))[:MOST_IDS],
        return_paths=report.return_paths,
    )


def _kind_of(report: Report) -> MailKind:
    if report.is_complaint:
        return MailKind.COMPLAINT
    return MailKind.BOUNCE if report.came_back else MailKind.OTHER


def _ids(text: str) -> list[str]:
    return _ID.findall(text)[:MOST_IDS]


def _answers(mail: Part) -> tuple[str, ...]:
    """In-Reply-To names the mail that was answered; References ends with it and begins with the thread's first."""
    replied = [each for field in mail.fields.get("in-reply-to", ()) for each in _ids(field)]
    thread = [each for field in mail.fields.get("references", ()) for each in _ID.findall(field)]
    return tuple(dict.fromkeys([*replied, *reversed(thread)]))[:MOST_IDS]


def _addressed_to(mail: Part) -> Iterator[str]:
    for name in _ADDRESSED:
        for field in mail.fields.get(name, ()):
            yield from _ADDRESS.findall(field[:4_000])[:MOST_IDS]


def _sender(mail: Part) -> str | None:
    """The address of From, or of Sender where that has none: the one in angle brackets, which a name may imitate."""
    for field in (mail.field("from"), mail.field("sender")):
        angled = [each for each in _IN_ANGLES.findall(field[:2_000]) if "@" in each]
        found = first_address(angled[-1] if angled else field)
        if found:
            return found
    return None


def _instant(text: str) -> int | None:
    try:
        moment = parsedate_to_datetime(text[:100])
        instant = int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()) * SECOND
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return instant if 0 <= instant < _YEAR_2100 else None
