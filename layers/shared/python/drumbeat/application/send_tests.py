"""Test mails: a step as it would look, sent at once to addresses of the tenant's own choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.contacts import get_contact
from drumbeat.application.sequences import get_sequence
from drumbeat.application.subscriptions import Subscriptions, check_sends_left
from drumbeat.domain.contact import Contact
from drumbeat.domain.credits import month_of
from drumbeat.domain.digest import digest
from drumbeat.domain.email import domain_of
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import NothingToTest, invalid_field
from drumbeat.domain.mail import Mail, Marks, body_of, compose
from drumbeat.domain.sequence import Sender, Step, StepKind
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.verdict import Accepted, Rejected, Retry, SenderTrouble, Unknown

if TYPE_CHECKING:
    from drumbeat.application.ports import Contacts, OutOfTime, Sequences
    from drumbeat.application.send_ports import Mailer

_SUBJECT = "[Test] {}"
_SAMPLE = Contact(0, 0, 0, None, "Ada", "Lovelace", "Analytical Engines Ltd", 0)


class Became(StrEnum):
    """What became of a test mail."""

    SENT = "sent"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"  # the server does not take it
    FAILED = "failed"  # the sender is in trouble, or the server was; nothing has left
    UNKNOWN = "unknown"  # it may or may not have left
    NOT_TRIED = "not_tried"  # there was no time left for it


class Tested(NamedTuple):
    """What became of the test mail to an address, in the server's words where it said any."""

    became: Became
    message: str | None = None


@dataclass(frozen=True, slots=True)
class TestWish:
    """Which mail is to be tested: the step at `position`, the first one if None, with the values of a contact."""

    sequence: int
    position: int | None
    contact: int | None


@dataclass(frozen=True, slots=True)
class TestPorts:
    """What sending test mails touches."""

    sequences: Sequences
    contacts: Contacts
    subscriptions: Subscriptions
    mailer: Mailer


def send_tests(
    ports: TestPorts, wish: TestWish, emails: Sequence[str], *, tenant: int, call: str, out_of_time: OutOfTime, now: int
) -> dict[str, Tested]:
    """Sends the mail to each of the normalized addresses and tells what became of it, by address.

    Nothing in the mails opens or unsubscribes anybody, and nothing about them is an event. Each that has left, or may
    have, counts for the plan's limit. `call` makes their Message-IDs: the same call makes the same ones. Raises
    NotFound, ValidationFailed for a position that there is not, NothingToTest and PlanLimitReached, before any is sent.
    """
    sequence = get_sequence(ports.sequences, tenant=tenant, number=wish.sequence)
    person = _SAMPLE if wish.contact is None else get_contact(ports.contacts, tenant=tenant, number=wish.contact)
    step = _step(sequence, wish.position)
    sender = _sender(ports.sequences.senders(sequence), now)
    check_sends_left(ports.subscriptions, tenant=tenant, now=now, wanted=len(emails))
    mails = {email: _mail(sender, replace(person, email=email), step, f"{call}/{email}", now) for email in emails}
    told = _sent(ports, sender, mails, tenant, out_of_time)
    left = sum(tested.became in {Became.SENT, Became.UNKNOWN} for tested in told.values())
    if left:
        ports.subscriptions.add_tests(tenant, month_of(now), left)
    return told


def _step(sequence: Cadence, position: int | None) -> Step:
    steps = [step for step in sequence.steps if position in {None, step.position}]
    if position is not None and not steps:
        raise invalid_field("position", "is that of no step")
    if not steps or steps[0].kind is not StepKind.EMAIL or not body_of(steps[0]):
        raise NothingToTest("This step is no mail, or its text is yet to be written.")
    return replace(steps[0], subject=_SUBJECT.format(steps[0].subject))


def _sender(senders: Iterable[Sender], now: int) -> Sender:
    """The first in the rotation that is enabled and rested."""
    for sender in senders:
        if sender.disabled_at is None and (sender.resting_until or 0) <= now:
            return sender
    raise NothingToTest("No sender is enabled, or those that are rest after trouble with their servers.")


def _mail(sender: Sender, contact: Contact, step: Step, name: str, now: int) -> Mail:
    """Raises NothingToTest for what can't be put into a mail."""
    message_id = f"<test.{digest(name)[:32]}@{domain_of(sender.from_email)}>"
    try:
        return compose(sender, contact, step, Marks(message_id, None, None), now)
    except ValueError as trouble:
        raise NothingToTest(f"The mail can't be composed: {trouble}.") from trouble


def _sent(
    ports: TestPorts, sender: Sender, mails: Mapping[str, Mail], tenant: int, out_of_time: OutOfTime
) -> dict[str, Tested]:
    """One after the other; a sender that is in trouble is not tried again."""
    told: dict[str, Tested] = {}
    trouble: Tested | None = None
    for email, mail in mails.items():

        def stop(email: str = email) -> EnrollmentState | None:
            is_suppressed = ports.contacts.suppressed_since(tenant, [email]) is not None
            return EnrollmentState.UNSUBSCRIBED if is_suppressed else None

        if stop() is not None:
            told[email] = Tested(Became.SUPPRESSED)
        elif trouble is not None or out_of_time():
            told[email] = trouble or Tested(Became.NOT_TRIED)
        else:
            told[email] = _tested(attempted := ports.mailer.send(sender, mail, stop))
            trouble = told[email] if isinstance(attempted, SenderTrouble) else None
    return told


def _tested(attempted: object) -> Tested:
    match attempted:
        case Accepted():
            return Tested(Became.SENT)
        case Rejected(code=code, text=text):
            return Tested(Became.REFUSED, f"{code} {text}")
        case Unknown(reason=reason):
            return Tested(Became.UNKNOWN, reason)
        case Retry(reason=reason) | SenderTrouble(reason=reason):
            return Tested(Became.FAILED, reason)
        case _:
            return Tested(Became.SUPPRESSED)  # it was withheld: the address has just been suppressed
