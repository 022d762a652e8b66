"""A recipient wants no more mail."""

from collections.abc import Iterable

from drumbeat.application.send_ports import ContactEnrollments, Signals
from drumbeat.domain.enrollment import STOPPABLE, Enrollment, EnrollmentState
from drumbeat.domain.sealing import TokenKeys
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.token import unsubscribed_by


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
    take_out_all(signals, enrollments.mailing(tenant, contact), now)


def take_out_all(signals: Signals, enrollments: Iterable[Enrollment], now: int) -> None:
    """Takes those of unsubscribed contacts' enrollments out that could still send, unless their sequence goes on."""
    going = [enrollment for enrollment in enrollments if enrollment.state in STOPPABLE]
    spared = signals.going_on_unsubscribed(going)
    for enrollment in going:
        if (enrollment.tenant, enrollment.key.sequence) not in spared:
            signals.take_out(enrollment, EnrollmentState.UNSUBSCRIBED, now)
