"""Sequence 10, whose mails are sent, opened, followed, bounced and answered; sender 10 with a mailbox of its own."""

from dataclasses import replace
from email.message import EmailMessage

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import ImapAccess, Sender, Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.token import message_id
from tools.local.imap_server import deliver
from tools.samples.prepared import TENANT, Hosts

SEQUENCE = SENDER = 10
DUE = (10, 11)
"""Whose first mail is due."""
MAILED = tuple(range(12, 19))
"""Who has had the first mail an hour ago."""
ANSWERS = 17
MAILBOX = "letters@example.com"
MAILBOX_PASSWORD = "any will do"  # noqa: S105 - of a server that stands for the outside world
STEPS = (
    Step(1, "Hello {{first_name}}", '<p>Hi {{first_name}}, <a href="https://example.com/fair">our fair</a>.</p>', 0),
    Step(2, "Again", "<p>Still there, {{first_name}}?</p>", 4320),
)


def prepare_mailings(hosts: Hosts, now: int) -> None:
    """Two enrollments are due, seven were mailed; an answer, and a mail of a stranger, wait in the mailbox."""
    begun = now - 30 * DAY
    sequence = Sequence(
        TENANT, SEQUENCE, "Letters", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, STEPS, (SENDER,), begun
    )
    bootstrap.sequences().create(sequence, [_sender(hosts, begun)], intent=None, now=begun)
    bootstrap.contacts().add([person(number, begun) for number in (*DUE, *MAILED)])
    mailed = [_mailed(enrollment(SEQUENCE, contact, now - HOUR), now - HOUR) for contact in MAILED]
    bootstrap.enrollments().insert([*(enrollment(SEQUENCE, contact, now - HOUR) for contact in DUE), *mailed])
    bootstrap.lanes().wake(TENANT, [SENDER], now)
    bootstrap_signals.inboxes().note_census(None)
    for mail in (_answer(), _strangers_mail()):
        deliver(hosts.imap[1], MAILBOX, mail.as_bytes(), hosts.imap[0])


def person(number: int, now: int) -> Contact:
    """A contact that came with no import."""
    return Contact(TENANT, number, 0, f"p{number}@corp.example", f"P{number}", None, "Corp", now)


def enrollment(sequence: int, contact: int, now: int) -> Enrollment:
    """One that begins now."""
    return new_enrollment(TENANT, EnrollmentKey(sequence, contact), batch_number=1, batch_tag="sample", now=now)


def _mailed(fresh: Enrollment, at: int) -> Enrollment:
    due = at + STEPS[1].delay_minutes * MINUTE
    return replace(fresh, step=1, sender=SENDER, sent_at=at, last_sent_at=at, due=due)


def _sender(hosts: Hosts, now: int) -> Sender:
    vault = bootstrap.vault()
    access = ImapAccess(*hosts.imap, MAILBOX, vault.seal(MAILBOX_PASSWORD, tenant=TENANT, sender=SENDER))
    sealed = vault.seal("not-a-real-password", tenant=TENANT, sender=SENDER)
    server = *hosts.smtp, MAILBOX, sealed
    return Sender(TENANT, SENDER, SEQUENCE, "Letters", *server, "Ada Lovelace", MAILBOX, 500, now, imap=access)


def _answer() -> EmailMessage:
    key = EnrollmentKey(SEQUENCE, ANSWERS)
    mail = _mail(f"p{ANSWERS}@corp.example", "Re: Hello", "Yes, call me on Monday.")
    mail["In-Reply-To"] = message_id(bootstrap.token_keys(), TENANT, key, 0, "example.com")
    return mail


def _strangers_mail() -> EmailMessage:
    return _mail("stranger@elsewhere.example", "A question", "Who are you?")


def _mail(sender: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, MAILBOX, subject
    mail["Message-ID"] = f"<{subject[0].lower()}1@{sender.partition('@')[2]}>"
    mail.set_content(text)
    return mail
