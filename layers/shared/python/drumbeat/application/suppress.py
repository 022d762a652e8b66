"""Suppressing addresses: nobody of this tenant mails them any more, whether they are contacts yet or not."""

from collections.abc import Sequence

from drumbeat.application.send_ports import ContactEnrollments, Signals
from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.suppression import SuppressionReason


def suppress(
    signals: Signals,
    enrollments: ContactEnrollments,
    *,
    tenant: int,
    emails: Sequence[str],
    reason: SuppressionReason = SuppressionReason.MANUAL,
    source: str | None = None,
    now: int,
) -> None:
    """Suppresses each normalized address and stops the contact that has it. Repeating it changes nothing.

    An address is marked before its contact is looked for: one that is imported meanwhile comes in as unsubscribed.
    """
    for email in emails:
        holder = signals.suppress_address(tenant, email, now, reason=reason, source=source)
        if holder is not None:
            stop_contact(signals, enrollments, tenant=tenant, contact=holder, reason=reason, source=source, now=now)
