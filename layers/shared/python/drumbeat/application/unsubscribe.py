"""A recipient wants no more mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from drumbeat.domain.delivery import last_mail
from drumbeat.domain.enrollment import STOPPABLE, Enrollment, EnrollmentState
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.token import unsubscribed_by

if TYPE_CHECKING:
    from drumbeat.application.send_ports import ContactEnrollments, Signals
    from drumbeat.domain.sealing import TokenKeys

type Sequences = Mapping[tuple[int, int], Cadence]


def is_unsubscribe_link(keys: TokenKeys, token: str) -> bool:
    """Whether the token is one of ours; looking changes nothing, as scanners look at every link."""
    return unsubscribed_by(keys, token) is not None


def unsubscribe(signals: Signals, enrollments: ContactEnrollments, keys: TokenKeys, token: str, *, now: int) -> bool:
    """Unsubscribes the contact from all of its tenant's sequences; returns False for a token that is not ours.

    The contact and its address are marked first, and every send looks at that mark after its claim, so a crash in
    between only leaves enrollments that the next send, or the next click, takes out.
    """
    named = unsubscribed_by(keys, token)
    if named is None:
        return False
    tenant, contact = named
    reason = SuppressionReason.UNSUBSCRIBE
    stop_contact(signals, enrollments, tenant=tenant, contact=contact, reason=reason, source="link", now=now)
    return True


def stop_contact(
    signals: Signals,
    enrollments: ContactEnrollments,
    *,
    tenant: int,
    contact: int,
    reason: SuppressionReason,
    source: str | None = None,
    now: int,
) -> None:
    """Marks the contact and its addresses, then takes the enrollments out that mail it or may do so some day.

    `source` says in a word or two where the reason comes from; users see it.
    """
    signals.suppress(tenant, contact, now, reason=reason, source=source)
    found = enrollments.mailing(tenant, contact)
    if reason is SuppressionReason.UNSUBSCRIBE:
        _end_all(signals, found, now)
    else:
        take_out_all(signals, found, now)


def take_out_all(signals: Signals, enrollments: Iterable[Enrollment], now: int) -> None:
    """Takes those of unsubscribed contacts' enrollments out that could still send, unless their sequence goes on."""
    going = [enrollment for enrollment in enrollments if enrollment.state in STOPPABLE]
    sequences = signals.sequences_of(going)
    for enrollment in going:
        if _ends(enrollment, sequences):
            signals.take_out(enrollment, EnrollmentState.UNSUBSCRIBED, now)


def _end_all(signals: Signals, found: Sequence[Enrollment], now: int) -> None:
    """Takes out as `take_out_all`, and notes which mail was the last one: the recipient has had enough of it.

    The enrollment that mailed last is told of it whatever its state: as a rule it is the last mail of a sequence that
    makes somebody unsubscribe, and that is how it ended, even if nothing was left to go.
    """
    going = [enrollment for enrollment in found if enrollment.state in STOPPABLE]
    last = max(
        (entry for entry in found if entry.last_sent_at), key=lambda entry: entry.last_sent_at or 0, default=None
    )
    concerned = going if last is None or last in going or last.unsubscribed_at is not None else [*going, last]
    sequences = signals.sequences_of(concerned)
    for enrollment in concerned:
        mail = _last_mail(enrollment, sequences)
        if enrollment.state in {*STOPPABLE, EnrollmentState.FINISHED}:
            if _ends(enrollment, sequences):
                signals.take_out(enrollment, EnrollmentState.UNSUBSCRIBED, now, signal=mail)
        elif mail is not None:
            signals.note(enrollment.tenant, enrollment.key, mail, now, also={"unsubscribed_at": now})


def _ends(enrollment: Enrollment, sequences: Sequences) -> bool:
    sequence = sequences.get((enrollment.tenant, enrollment.key.sequence))
    return sequence is None or sequence.exit_on_unsubscribe


def _last_mail(enrollment: Enrollment, sequences: Sequences) -> MailSignal | None:
    sequence = sequences.get((enrollment.tenant, enrollment.key.sequence))
    step = None if sequence is None else last_mail(enrollment, sequence)
    return None if step is None else MailSignal(SignalKind.UNSUBSCRIBED, step, enrollment.sender or 0)
