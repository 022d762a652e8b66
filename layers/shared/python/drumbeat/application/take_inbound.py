"""A mail has come to a sender's mailbox: what it answers, by our own signed ids only, and what that makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.application.sequences import wake_lanes_for
from drumbeat.application.take_provider_event import ProviderEventPorts, StillUnderWay, take_report
from drumbeat.domain.email import normalized, same_mailbox_key
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.inbound_mail import InboundMail, MailKind
from drumbeat.domain.inbox import mailbox_of
from drumbeat.domain.provider_event import FATE_OF, Fate, ProviderEvent, SentMail
from drumbeat.domain.reply import Answered, held_off, replied
from drumbeat.domain.return_path import token_of
from drumbeat.domain.token import identified_by, returned_to
from drumbeat.domain.unmatched_reply import UnmatchedReply, Why

if TYPE_CHECKING:
    from drumbeat.application.inbox_ports import UnmatchedReplies
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.sequence import Sender, Sequence

_TRIES = 5
_UNKNOWN_EPOCH = -1
_SAYS_SOMETHING = frozenset({MailKind.REPLY, MailKind.OUT_OF_OFFICE, MailKind.BOUNCE, MailKind.COMPLAINT})
"""What may concern an enrollment; the rest, tickets and newsletters, is counted and left alone."""


@dataclass(frozen=True, slots=True)
class InboundPorts:
    """What a mail that comes in touches."""

    events: ProviderEventPorts
    unmatched: UnmatchedReplies


class Dealt(StrEnum):
    """What was made of a mail."""

    REPLY = "reply"
    OUT_OF_OFFICE = "out_of_office"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    IGNORED = "ignored"  # nobody's answer, or one that another inbox shows as well
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it was read, in whose mailbox it was found, when it had come there (UTC ms), what it is known by."""

    mail: InboundMail
    inbox: Sender
    at: int
    id: str


@dataclass(frozen=True, slots=True)
class Match:
    """Which mail of ours an arrival is about, and what that belongs to."""

    enrollment: Enrollment
    sequence: Sequence
    sent: SentMail


def take_inbound(ports: InboundPorts, arrival: Arrival, *, now: int) -> Dealt:
    """Notes an answer, an absence or a bounce, however often it is found; what belongs to nobody is kept as unmatched.

    Only ids and return paths that we have signed say what a mail is about, and only of the mailbox's own tenant: never
    its address or subject. Raises StillUnderWay for what has to wait for a worker, and StoreBusy.
    """
    mail = arrival.mail
    if mail.kind not in _SAYS_SOMETHING or _is_ours(ports, arrival):
        return Dealt.IGNORED
    found = _match(ports, arrival)
    if not isinstance(found, Match):
        return _unmatched(ports, arrival, found, now)
    if not _serves(arrival.inbox, found.sequence):
        return _of_another(ports, arrival, found.sequence, now)
    match mail.kind:
        case MailKind.BOUNCE | MailKind.COMPLAINT:
            return _report(ports, arrival, found, now)
        case MailKind.OUT_OF_OFFICE:
            _change(ports, arrival, found, now)
            return Dealt.OUT_OF_OFFICE
        case _:
            _change(ports, arrival, found, now)
            return Dealt.REPLY


def unreadable(ports: InboundPorts, inbox: Sender, name: str, *, now: int) -> None:
    """Keeps that there was a mail of this name that the mailbox's server does not hand over."""
    reply = UnmatchedReply(inbox.tenant, inbox.number, name, now, None, Why.UNREADABLE, None, "")
    ports.unmatched.put(reply, now)


def _is_ours(ports: InboundPorts, arrival: Arrival) -> bool:
    """Whether it is a copy of what was sent: a follow-up names the mail before it as an answer does."""
    mail, own = arrival.mail, arrival.inbox.from_email
    if mail.message_id is not None and identified_by(ports.events.keys, mail.message_id) is not None:
        return True
    writer = None if mail.sender is None else normalized(mail.sender)
    is_report = mail.kind in {MailKind.BOUNCE, MailKind.COMPLAINT}
    return not is_report and writer is not None and same_mailbox_key(writer) == same_mailbox_key(own)


def _match(ports: InboundPorts, arrival: Arrival) -> Match | Why:
    """The nearest of the mails it names that is there still."""
    why = Why.NO_REFERENCE
    for tenant, key, known in _named(ports, arrival):
        if tenant != arrival.inbox.tenant:
            why = Why.FOREIGN
            continue
        enrollment = ports.events.enrollments.get(tenant, key)
        sequence = ports.events.sequences.get(tenant, key.sequence)
        if enrollment is None or enrollment.is_deleted or sequence is None:
            why = Why.GONE
            continue
        return Match(enrollment, sequence, known if isinstance(known, SentMail) else _mail_of(enrollment, known))
    return why


def _named(ports: InboundPorts, arrival: Arrival) -> Iterator[tuple[int, EnrollmentKey, int | SentMail]]:
    """The mails of ours that it names, the surest first: with the step, or with all that a return path tells."""
    keys, mail = ports.events.keys, arrival.mail
    for answered in mail.answers:
        named = identified_by(keys, answered)
        if named is not None:
            yield named
    for address in (*mail.addressed_to, *mail.return_paths):
        token = token_of(address)
        returned = None if token is None else returned_to(keys, token)
        if returned is not None:
            yield returned.tenant, returned.enrollment, SentMail(*returned)
    for original in mail.original_ids:
        named = identified_by(keys, original)
        if named is not None:
            yield named


def _mail_of(enrollment: Enrollment, step: int) -> SentMail:
    """The mail of a step, as the enrollment is: an id does not tell to whom it went, by whom, or at which start."""
    contact = enrollment.contact or enrollment.key.contact
    epoch = _UNKNOWN_EPOCH if enrollment.epoch else 0
    return SentMail(enrollment.tenant, enrollment.key, step, epoch, contact, enrollment.sender or 0)


def _serves(inbox: Sender, sequence: Sequence) -> bool:
    return inbox.number in sequence.every_sender


def _of_another(ports: InboundPorts, arrival: Arrival, sequence: Sequence, now: int) -> Dealt:
    """One mailbox may be that of several senders: what is another's is found by that one, if it reads this mailbox."""
    access = arrival.inbox.imap
    others = (ports.events.sequences.sender(sequence.tenant, number) for number in sequence.every_sender)
    accesses = [other.imap for other in others if other is not None and other.imap is not None]
    if access is not None and mailbox_of(access) in map(mailbox_of, accesses):
        return Dealt.IGNORED
    return _unmatched(ports, arrival, Why.FOREIGN, now)


def _unmatched(ports: InboundPorts, arrival: Arrival, why: Why, now: int) -> Dealt:
    mail, inbox = arrival.mail, arrival.inbox
    reply = UnmatchedReply(
        tenant=inbox.tenant,
        sender=inbox.number,
        id=arrival.id,
        received_at=arrival.at,
        kind=mail.kind,
        why=why,
        from_address=mail.sender,
        subject=mail.subject,
    )
    return Dealt.UNMATCHED if ports.unmatched.put(reply, now) else Dealt.IGNORED


def _report(ports: InboundPorts, arrival: Arrival, match: Match, now: int) -> Dealt:
    mail = arrival.mail
    if mail.kind is MailKind.COMPLAINT:
        addresses = tuple(each.recipient for each in mail.returned if each.recipient is not None)
        take_report(
            ports.events, match.sent, ProviderEvent("", Fate.COMPLAINED, addresses=addresses, source="imap"), now=now
        )
        return Dealt.COMPLAINT
    for each in mail.returned:
        if not each.delayed:
            addresses = () if each.recipient is None else (each.recipient,)
            event = ProviderEvent("", FATE_OF[each.permanence], each.words, addresses, source="imap")
            take_report(ports.events, match.sent, event, now=now)
    return Dealt.BOUNCE


def _change(ports: InboundPorts, arrival: Arrival, match: Match, now: int) -> None:
    """Writes what the mail makes of its enrollment; a worker that is sending settles beside a reply.

    An absence waits for it to settle, but not for one that is dead: that one's claim stays to be found.
    """
    events, seen, sequence = ports.events, match.enrollment, match.sequence
    for _ in range(_TRIES):
        told = _told(arrival, seen, match, now)
        if told == seen:
            return
        if told.due != seen.due:
            if seen.owner is not None and (seen.lease or 0) > now:
                raise StillUnderWay
            _wake(ports, told, sequence, now)
        if events.reports.note(seen, told):
            return
        again = events.enrollments.get(seen.tenant, seen.key)
        if again is None:
            return
        seen = again
    raise StoreBusy("The enrollment keeps changing. Try again.")


def _told(arrival: Arrival, seen: Enrollment, match: Match, now: int) -> Enrollment:
    mail = arrival.mail
    # When it arrived is said by the tenant's own server: neither before the first mail nor later than now.
    at = min(max(arrival.at, seen.sent_at or 0), now)
    answered = Answered(match.sent.step, match.sent.sender or arrival.inbox.number, at)
    if mail.kind is MailKind.REPLY:
        return replied(seen, answered, match.sequence)
    return held_off(seen, answered, match.sequence, mail.back_on, gone=mail.gone)


def _wake(ports: InboundPorts, told: Enrollment, sequence: Sequence, now: int) -> None:
    if told.state is EnrollmentState.ACTIVE:
        wake_lanes_for(ports.events.lanes, told, sequence, now)
