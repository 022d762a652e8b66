"""Claimed steps of one sender, one after another, each with a last look for a stop before anything goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from drumbeat.application.send_ports import (
    Attempts,
    Clock,
    Connector,
    ContactEnrollments,
    Mailer,
    Settlement,
    Signals,
    StepRequest,
)
from drumbeat.domain.delivery import asked
from drumbeat.domain.email import domain_of
from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState, is_anytime
from drumbeat.domain.mail import Marks, compose, values_of
from drumbeat.domain.merge import fill_line, fill_text
from drumbeat.domain.return_path import tagged
from drumbeat.domain.schedule import next_open
from drumbeat.domain.sender_health import may_send
from drumbeat.domain.sequence import Sender, SequenceStatus
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.step_move import ANSWERS_WITHIN, Ask, Send, Situation, counts_for, next_move
from drumbeat.domain.times import SECOND
from drumbeat.domain.token import (
    MOST_LINK_BYTES,
    click_token,
    feedback_token,
    message_id,
    open_token,
    return_path_token,
    unsubscribe_token,
)
from drumbeat.domain.verdict import (
    Accepted,
    Asked,
    Attempted,
    Postponed,
    Retry,
    SenderTrouble,
    Unasked,
    Unknown,
    Verdict,
    Withheld,
)

if TYPE_CHECKING:
    from drumbeat.domain.callee import Callee
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.draft import Draft
    from drumbeat.domain.hint import Hint
    from drumbeat.domain.sealing import TokenKeys

SIGN_GOOD_FOR = SECOND
"""How old a look for stops may be when a mail's content goes out; handing it over takes as long."""


@dataclass(frozen=True, slots=True)
class SendPorts:
    """What sending touches, and where the links in mails lead."""

    attempts: Attempts
    signals: Signals
    enrollments: ContactEnrollments
    mailer: Mailer
    connector: Connector
    keys: TokenKeys
    tracking_url: str


@dataclass(frozen=True, slots=True)
class Errand:
    """A claimed step, with what it belongs to. A contact that is None is gone, or there is nobody to mail.

    `app`, `draft`, `context` and `callee` are there where the step needs them. One that `is_canceled` is about to be
    ended by somebody.
    """

    hint: Hint
    owner: str
    held: Enrollment
    sequence: Cadence
    sender: Sender
    contact: Contact | None
    app: Sender | None = None
    draft: Draft | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    callee: Callee | None = None
    is_canceled: bool = False

    @property
    def name(self) -> str | None:
        """What the tenant calls the contact, if it says so."""
        return self.held.lead.name or (None if self.callee is None else self.callee.name)

    @property
    def variables(self) -> Mapping[str, str]:
        """The tenant's own merge fields."""
        return {} if self.callee is None else self.callee.variables


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
    """What became of the attempt; None if nothing may be done now, which is not the contact's doing."""
    held, sequence, sender = errand.held, errand.sequence, errand.sender
    if errand.is_canceled or sequence.status is not SequenceStatus.ACTIVE or not may_send(sender, now):
        return None
    move = next_move(_situation(errand, now))
    if not isinstance(move, Send | Ask):
        return move
    if counts_for(move) > errand.hint.counts:
        return None  # what the hint was for has come true meanwhile: the next step's slot is still to be handed out
    opens = now if is_anytime(held.anytime, held.due, now) else next_open(now, sequence.hours, held.zone)
    if opens > now:
        return Postponed(opens)
    if isinstance(move, Ask):
        return _ask(ports, errand, move, signs, now)
    return _mail(ports, errand, move, signs, now)


def _situation(errand: Errand, now: int) -> Situation:
    app = errand.app if errand.app is not None and errand.app.host else None
    return Situation(
        errand.held,
        errand.sequence,
        errand.contact,
        errand.sender,
        app,
        has_draft=errand.draft is not None,
        now=now,
        callee=errand.callee,
    )


def _mail(ports: SendPorts, errand: Errand, move: Send, signs: StopSigns, now: int) -> Attempted:
    sender, step, contact = errand.sender, move.step, move.contact
    marks = _marks(ports, errand, contact)
    draft = errand.draft if step.is_drafted else None
    try:
        mail = compose(sender, contact, step, marks, now, name=errand.name, draft=draft, variables=errand.variables)
    except ValueError as trouble:
        return SenderTrouble(f"the mail can't be composed: {trouble}")
    attempted = ports.mailer.send(sender, mail, lambda: signs.of(contact))
    signs.is_decided(contact)
    return Accepted(attempted.message_id or marks.message_id) if isinstance(attempted, Accepted) else attempted


def _ask(ports: SendPorts, errand: Errand, move: Ask, signs: StopSigns, now: int) -> Verdict | None:
    """Asks the tenant's app for a draft, or to do the step.

    It is written before the request goes out that its answer is awaited: the app may answer at once, a worker that dies
    leaves it to the deadline, and nobody is asked twice to do what cannot be undone.
    """
    deadline = now + ANSWERS_WITHIN
    awaiting = asked(errand.held, move.awaits, deadline)
    if not ports.attempts.announce(Settlement(errand.held, awaiting)):
        return None
    stop = _stop(errand, move, signs)
    if stop is not None:
        return Withheld(stop)
    match _answer(ports, errand, awaiting, move):
        case Accepted():
            return Asked(move.awaits, deadline)
        case Unknown(reason):
            return Asked(move.awaits, deadline, f"the app did not say that it heard: {reason}")
        case Retry(reason):
            return Unasked(reason)


def _stop(errand: Errand, move: Ask, signs: StopSigns) -> EnrollmentState | None:
    """What forbids the request: to whom no mail may go, a step may, where the sequence goes on without mails."""
    if errand.contact is None:
        return None
    stop = signs.of(errand.contact)
    signs.is_decided(errand.contact)
    goes_on = move.awaits is Awaits.STEP and not errand.sequence.exit_on_unsubscribe
    return None if stop is EnrollmentState.UNSUBSCRIBED and goes_on else stop


def _answer(ports: SendPorts, errand: Errand, awaiting: Enrollment, move: Ask) -> Accepted | Retry | Unknown:
    """What the app says at once. Raises what asking raises, and takes the announcement back before."""
    step = move.step
    values = values_of(errand.contact, errand.name, errand.variables)
    text = None if step.text is None else fill_text(step.text, values)
    words = fill_line(step.subject, values), text
    request = StepRequest(awaiting, errand.sequence, step, errand.contact, *words, errand.context, errand.callee)
    try:
        return ports.connector.ask(move.app, request)
    except Exception:
        ports.attempts.announce(Settlement(awaiting, errand.held))
        raise


def _marks(ports: SendPorts, errand: Errand, contact: Contact) -> Marks:
    held, sender = errand.held, errand.sender
    tenant, key, step = held.tenant, held.key, held.step
    return Marks(
        message_id=message_id(ports.keys, tenant, key, step, domain_of(sender.from_email)),
        pixel_url=f"{ports.tracking_url}/t/o/{open_token(ports.keys, tenant, key, step, sender.number)}",
        unsubscribe_url=f"{ports.tracking_url}/t/u/{unsubscribe_token(ports.keys, tenant, contact.number)}",
        thread=held.thread,
        feedback=feedback_token(ports.keys, tenant, key, step, held.epoch, contact.number, sender.number),
        tracked=partial(_tracked, ports, held, sender) if errand.sequence.track_clicks else None,
        return_path=_return_path(ports, held, sender, contact),
    )


def _tracked(ports: SendPorts, held: Enrollment, sender: Sender, address: str) -> str | None:
    """What a link to the address becomes; one of our own, or one that is too long to be carried, stays."""
    if address.startswith(f"{ports.tracking_url}/t/") or len(address) > MOST_LINK_BYTES:
        return None
    token = click_token(ports.keys, held.tenant, held.key, held.step, sender.number, address)
    return f"{ports.tracking_url}/t/c/{token}"


def _return_path(ports: SendPorts, held: Enrollment, sender: Sender, contact: Contact) -> str | None:
    """The address that this mail's bounces go to, where the sender's server takes such addresses."""
    if not sender.tagged_return_path:
        return None
    mail = held.tenant, held.key, held.step, held.epoch, contact.number, sender.number
    return tagged(sender.from_email, return_path_token(ports.keys, *mail))
