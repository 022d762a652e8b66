"""Addresses that a server has called dead while a mail was handed over: nobody of the tenant mails them any more.

The address is marked before it is settled that the mail bounced. A worker that dies in between leaves a mark that every
other mail to the address stops at, and one that cannot mark puts the mail off, as it certainly has not left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.permanence import Permanence
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.verdict import Rejected, Verdict

if TYPE_CHECKING:
    from drumbeat.application.send_ports import ContactEnrollments, Signals
    from drumbeat.domain.contact import Contact

_SOURCE = "mail server"


def says_dead(verdict: Verdict) -> bool:
    """Whether the server has said about the address, and not only about the mail, that it takes none."""
    return isinstance(verdict, Rejected) and verdict.permanence is Permanence.PERMANENT


def mark_dead(signals: Signals, recipient: Contact, now: int) -> int | None:
    """Suppresses the address that was mailed; returns the contact that has it."""
    if recipient.email is None:
        return None
    reason = SuppressionReason.BOUNCE
    return signals.suppress_address(recipient.tenant, recipient.email, now, reason=reason, source=_SOURCE)


def stop_holder(signals: Signals, enrollments: ContactEnrollments, tenant: int, holder: int, now: int) -> None:
    """Takes whoever has a dead address out of everything; what this leaves out, its next mail's stop check does."""
    reason = SuppressionReason.BOUNCE
    stop_contact(signals, enrollments, tenant=tenant, contact=holder, reason=reason, source=_SOURCE, now=now)
