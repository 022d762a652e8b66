"""Mail as servers and people write it, in `samples/inbound`, and what each is to be read as."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from drumbeat.domain.inbound_mail import InboundMail, MailKind, read_mail
from drumbeat.domain.permanence import Permanence

FOLDER = Path(__file__).parent / "samples" / "inbound"
RECEIVED = 1_795_262_400_000  # Saturday, 2026-11-21T12:00:00Z
SENT_AS = "<m1.AbCdEf@mail.shop.example>"
P, T, U = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
ADA = "ada@customer.example"

type Told = tuple[str | None, str | None, Permanence, bool]


@dataclass(frozen=True)
class Expected:
    """What a sample is; `told` are the recipients of a report: who, status, permanence, whether only delayed."""

    kind: MailKind
    back_on: date | None = None
    gone: bool = False
    told: tuple[Told, ...] = ()
    names_the_mail: bool = False


def back(permanence: Permanence, status: str | None = None, *, who: str | None = ADA) -> Told:
    return who, status, permanence, False


def late(permanence: Permanence, status: str | None = None, *, who: str | None = ADA) -> Told:
    return who, status, permanence, True


def bounce(*told: Told, named: bool = True) -> Expected:
    return Expected(MailKind.BOUNCE, told=told, names_the_mail=named)


def complaint(*told: Told) -> Expected:
    return Expected(MailKind.COMPLAINT, told=told, names_the_mail=True)


def other(*told: Told) -> Expected:
    return Expected(MailKind.OTHER, told=told)


def away(back_on: str | None = None) -> Expected:
    return Expected(MailKind.OUT_OF_OFFICE, back_on=date.fromisoformat(back_on) if back_on else None)


def read(raw: bytes) -> InboundMail:
    return read_mail(raw, received_at=RECEIVED)


def raw_of(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


GONE = Expected(MailKind.OUT_OF_OFFICE, gone=True)
REPLY = Expected(MailKind.REPLY)
AUTO_REPLY = Expected(MailKind.AUTO_REPLY)
OTHER = Expected(MailKind.OTHER)

SAMPLES: dict[str, Expected] = {
    "amavis-spam": bounce(back(U, "5.7.0")),
    "away-bsd-vacation": away("2026-11-23"),
    "away-cpanel-autoresponder": away("2026-12-02"),
    "away-danish": away("2026-12-01"),
    "away-dutch": away("2026-12-07"),
    "away-exchange-english": away("2026-11-30"),
    "away-exchange-german": away("2026-12-05"),
    "away-for-years": away(),
    "away-french": away("2026-12-16"),
    "away-german-range": away("2026-11-30"),
    "away-gmail-vacation": away("2026-12-04"),
    "away-gmx-autoresponder": away("2026-12-01"),
    "away-html-only-table": away("2026-11-30"),
    "away-italian": away("2026-11-30"),
    "away-long-over": away(),
    "away-null-return-path-only": away("2026-12-05"),
    "away-only-the-subject-says-so": away("2026-11-22"),
    "away-polish": away("2026-12-07"),
    "away-portuguese": away("2026-12-02"),
    "away-quotes-the-mail": away("2026-12-01"),
    "away-sieve-vacation": away("2026-12-01"),
    "away-spanish": away("2026-12-07"),
    "away-swedish": away("2026-11-30"),
    "away-undeclared-latin1": away("2026-12-01"),
    "away-without-a-date": away(),
    "barracuda-score": bounce(back(U, "5.7.1")),
    "challenge-boxbe": AUTO_REPLY,
    "challenge-spam-arrest": AUTO_REPLY,
    "complaint-arf": complaint(back(U)),
    "complaint-redacted": complaint(back(U, who=None)),
    "courier": bounce(back(P, "5.0.0")),
    "domino": bounce(back(P, "5.1.1")),
    "dsn-forwarded-by-a-person": bounce(back(P, "5.1.1")),
    "dsn-international": bounce(back(P, "5.1.1")),
    "dsn-status-in-base64": bounce(back(P, "5.1.1")),
    "dsn-with-a-broken-boundary": bounce(back(P, "5.1.1")),
    "dsn-without-action": bounce(back(P)),
    "dsn-without-fields": bounce(back(U, who=None)),
    "dsn-wrapped-by-a-gateway": bounce(back(T, "4.2.2")),
    "exchange-2003": bounce(back(P, "5.1.1")),
    "exchange-2016": bounce(back(P, "5.1.1")),
    "exchange-5-5-plain": bounce(back(P), named=False),
    "exim-mime": bounce(back(P, "5.0.0")),
    "exim-plain": bounce(back(P, "5.1.1")),
    "exim-unrouteable": bounce(back(P), back(T, who="bob@customer.example")),
    "exim-warning": other(late(T, "4.7.1")),
    "gmail-delay": other(late(T, "4.4.1")),
    "gmail-inbox-full": bounce(back(T, "4.2.2")),
    "gmail-no-such-user": bounce(back(P, "5.1.1")),
    "gmail-old-plain": bounce(back(P, "5.1.1")),
    "gmx-german": bounce(back(P, "5.1.1")),
    "gone-english": GONE,
    "gone-french": GONE,
    "gone-german": GONE,
    "greylisted-for-good": bounce(back(T, "4.7.1")),
    "groupwise": bounce(back(P, "5.1.1")),
    "hmailserver-plain": bounce(back(P, "5.1.1"), named=False),
    "icloud-no-such-user": bounce(back(P, "5.1.1")),
    "icloud-over-quota": bounce(back(T, "5.2.2")),
    "mailru-plain": bounce(back(P)),
    "mdaemon-plain": bounce(back(P, "5.1.1", who=None), named=False),
    "microsoft365-delayed": other(late(T, "4.4.7")),
    "microsoft365-expired": bounce(back(T, "5.4.300")),
    "microsoft365-no-such-user": bounce(back(P, "5.1.10")),
    "microsoft365-sender-blocked": bounce(back(U, "5.7.1")),
    "mimecast-policy": bounce(back(U, who=None), named=False),
    "null-mx": bounce(back(P, "5.1.10", who="ada@nomail.example")),
    "other-calendar-accepted": OTHER,
    "other-deleted-unread": OTHER,
    "other-dmarc-failure": OTHER,
    "other-newsletter": OTHER,
    "other-not-spam": OTHER,
    "other-notification": OTHER,
    "other-read-receipt": OTHER,
    "postfix-address-verification": OTHER,
    "postfix-delayed": other(late(T, "4.4.1")),
    "postfix-delivered": OTHER,
    "postfix-gave-up": bounce(back(T, "4.4.1")),
    "postfix-mailbox-full": bounce(back(T, "5.2.2")),
    "postfix-no-such-domain": bounce(back(P, "5.4.4", who="ada@custmer.example")),
    "postfix-several-recipients": bounce(
        back(P, "5.1.1"), late(T, "4.3.0", who="bob@customer.example"), back(T, "4.2.2", who="joe@customer.example")
    ),
    "postfix-user-unknown": bounce(back(P, "5.1.1")),
    "proofpoint-blocked": bounce(back(U, "5.0.0")),
    "proofpoint": bounce(back(P, "5.1.1")),
    "qmail-gave-up": bounce(back(T, "4.3.2")),
    "qmail-no-mailbox-here": bounce(back(P, "5.1.1"), back(T, "5.2.2", who="bob@customer.example")),
    "qmail-user-unknown": bounce(back(P, "5.1.1")),
    "reply-about-an-out-of-office": REPLY,
    "reply-attaches-a-bounce": REPLY,
    "reply-auto-submitted-no": REPLY,
    "reply-by-a-postmaster": REPLY,
    "reply-forwarded-by-a-rule": REPLY,
    "reply-on-vacation-by-hand": REPLY,
    "reply-out-of-office-in-the-subject": REPLY,
    "reply-plain": REPLY,
    "reply-quotes-a-bounce": REPLY,
    "reply-signed-and-encrypted": REPLY,
    "reply-through-a-group": REPLY,
    "reply-with-an-invitation": REPLY,
    "reply-without-in-reply-to": REPLY,
    "sendmail-return-receipt": OTHER,
    "sendmail-user-unknown": bounce(back(P, "5.1.1")),
    "sendmail-warning": other(late(T, "4.4.1")),
    "sendmail-without-report-part": bounce(back(P)),
    "ses-bounce": bounce(back(P, "5.1.1")),
    "ses-expired": bounce(back(T, "4.4.7")),
    "thanks-for-your-message": AUTO_REPLY,
    "ticket-from-noreply": AUTO_REPLY,
    "ticket-otrs": AUTO_REPLY,
    "ticket-zendesk": AUTO_REPLY,
    "webde-mailbox-full": bounce(back(T)),
    "yahoo-busy": bounce(back(T, "4.7.0")),
    "yahoo-no-account": bounce(back(P)),
    "yandex": bounce(back(U, "5.7.1")),
    "zoho-plain": bounce(back(P, "5.1.1")),
}
