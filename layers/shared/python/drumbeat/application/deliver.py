"""Claimed mails of one sender, one after another, each with a last look for a stop before it goes out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from drumbeat.application.send_ports import Attempts, Clock, Mailer
from drumbeat.domain.contact import Contact
from drumbeat.domain.email import domain_of
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.hint import Hint
from drumbeat.domain.mail import Marks, compose
from drumbeat.domain.schedule import next_open
from drumbeat.domain.sender_health import may_send
from drumbeat.domain.sequence import Sender, SequenceStatus
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import SECOND
from drumbeat.domain.token import TokenKeys, feedback_token, message_id, open_token, unsubscribe_token
from drumbeat.domain.verdict import Accepted, Attempted, Postponed, SenderTrouble, Withheld

SIGN_GOOD_FOR = SECOND
"""How old a look for stops may be when a mail's content goes out; handing it over takes as long."""


@dataclass(frozen=True, slots=True)
class SendPorts:
    """What sending touches, and where the links in mails lead."""

    attempts: Attempts
    mailer: Mailer
    keys: TokenKeys
    tracking_url: str


@dataclass(frozen=True, slots=True)
class Errand:
    """A claimed step, with what it belongs to; a contact that is None is gone."""

    hint: Hint
    owner: str
    held: Enrollment
    sequence: Cadence
    sender: Sender
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of an errand; `attempted` is None where nothing was tried, `trouble` says why if that is an error."""

    errand: Errand
    attempted: Attempted | None
    trouble: Exception | None = None


class StopSigns:
    """The stops of contacts: one look serves all mails that go out within a second of it."""

    def __init__(self, attempts: Attempts, contacts: Iterable[Contact], clock: Clock) -> None:
        self._attempts = attempts
        self._clock = clock
        self._contacts = list(contacts)
        self._seen_at: int | None = None
        self._signs: Mapping[tuple[int, int], EnrollmentState] = {}

    def of(self, contact: Contact) -> EnrollmentState | None:
        """What forbids a mail to the contact. Raises what the look raises."""
        now = self._clock()
        if self._seen_at is None or not self._seen_at <= now <= self._seen_at + SIGN_GOOD_FOR:
            # Threads that look at the same time each keep their own look: nobody sees signs older than its instant.
            signs = self._attempts.stop_signs(list(dict.fromkeys(self._contacts)))
            self._signs, self._seen_at = signs, now
            return signs.get(_person(contact))
        return self._signs.get(_person(contact))

    def is_decided(self, contact: Contact) -> None:
        """Later looks need not look for the contact, unless another of its mails is still to be decided."""
        self._contacts.remove(contact)


def _person(contact: Contact) -> tuple[int, int]:
    return contact.tenant, contact.number


def deliver(
    ports: SendPorts, errands: Sequence[Errand], signs: StopSigns, *, clock: Clock, out_of_time: Callable[[], bool]
) -> Iterator[Decided]:
    """Attempts the errands of one sender in order and yields what became of each as soon as it is known.

    Once the sender is in trouble, or time is up, the rest is not tried. An error is yielded, not raised; no mail has
    left then.
    """
    in_trouble = False
    for errand in errands:
        if in_trouble or out_of_time():
            yield Decided(errand, None)
            continue
        try:
            attempted = _attempt(ports, errand, signs, clock())
        except Exception as trouble:
            # Whoever raises here has sent nothing: once the mail may have left, there is a verdict.
            yield Decided(errand, None, trouble)
            continue
        in_trouble = isinstance(attempted, SenderTrouble)
        yield Decided(errand, attempted)


def _attempt(ports: SendPorts, errand: Errand, signs: StopSigns, now: int) -> Attempted | None:
    """What became of the attempt; None if nothing may be sent now, which is not the contact's doing."""
    held, sequence, sender, contact = errand.held, errand.sequence, errand.sender, errand.contact
    if sequence.status is not SequenceStatus.ACTIVE or not may_send(sender, now):
        return None
    if contact is None or contact.email is None:
        return Withheld(EnrollmentState.REMOVED)
    stop = _stop(held, sequence, contact)
    if stop is not None:
        return Withheld(stop)
    opens = next_open(now, sequence.hours, held.zone)
    if opens > now:
        return Postponed(opens)
    marks = _marks(ports, held, sender)
    try:
        mail = compose(sender, contact, sequence.steps[held.step], marks, now)
    except ValueError as trouble:
        return SenderTrouble(f"the mail can't be composed: {trouble}")
    attempted = ports.mailer.send(sender, mail, lambda: signs.of(contact))
    signs.is_decided(contact)
    return Accepted(attempted.message_id or marks.message_id) if isinstance(attempted, Accepted) else attempted


def _stop(held: Enrollment, sequence: Cadence, contact: Contact) -> EnrollmentState | None:
    if contact.unsubscribed_at is not None:
        return EnrollmentState.UNSUBSCRIBED
    return EnrollmentState.FINISHED if held.step >= len(sequence.steps) else None


def _marks(ports: SendPorts, held: Enrollment, sender: Sender) -> Marks:
    tenant, key, step = held.tenant, held.key, held.step
    return Marks(
        message_id=message_id(ports.keys, tenant, key, step, domain_of(sender.from_email)),
        pixel_url=f"{ports.tracking_url}/t/o/{open_token(ports.keys, tenant, key, step)}",
        unsubscribe_url=f"{ports.tracking_url}/t/u/{unsubscribe_token(ports.keys, tenant, key.contact)}",
        thread=held.thread,
        feedback=feedback_token(ports.keys, tenant, key, step, held.epoch),
    )
