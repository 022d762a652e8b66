"""A mail provider reports what became of a mail: doubts are settled, and dead or angry addresses are left be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.sequences import wake_lanes_for
from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.email import normalized, same_mailbox_key
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.provider_event import (
    MOST_SOFT_BOUNCES,
    Fate,
    ProviderEvent,
    SentMail,
    is_known,
    is_under_way,
    reported,
)
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.token import reported_on

if TYPE_CHECKING:
    from drumbeat.application.ports import Contacts, Enrollments, LaneWaker, Sequences
    from drumbeat.application.send_ports import Signals
    from drumbeat.domain.sealing import TokenKeys

_TRIES = 5
_WANTS_NONE = {Fate.COMPLAINED: SuppressionReason.COMPLAINT, Fate.UNSUBSCRIBED: SuppressionReason.UNSUBSCRIBE}
"""What a recipient has said, whatever the address."""


class Reports(Protocol):
    """Writes what reports make of enrollments."""

    def note(self, seen: Enrollment, told: Enrollment) -> bool:
        """Writes what `told` has changed if the enrollment still is as `seen`; False if it is not."""
        ...


class SoftBounces(Protocol):
    """Remembers which mails to an address came back, though not for good."""

    def note(self, tenant: int, email: str, mail: str, now: int) -> int:
        """Remembers the mail of this name, once; returns how many there are of the last days, with this one."""
        ...


@dataclass(frozen=True, slots=True)
class ProviderEventPorts:
    """What a report touches."""

    enrollments: Enrollments
    sequences: Sequences
    contacts: Contacts
    signals: Signals
    reports: Reports
    soft_bounces: SoftBounces
    lanes: LaneWaker
    keys: TokenKeys


class Outcome(StrEnum):
    """What became of a report."""

    FOREIGN = "foreign"  # about no mail of ours, or unreadable
    NOTHING_NEW = "nothing_new"  # known before, or it decides nothing
    NOTED = "noted"  # the enrollment is another one now


@dataclass(frozen=True, slots=True)
class Noted:
    """What to tell about a report: ids and the provider's words, addresses nobody's."""

    outcome: Outcome
    fate: Fate | None = None
    reason: str | None = None
    tenant: int | None = None
    sequence: int | None = None
    contact: int | None = None
    step: int | None = None


class StillUnderWay(Exception):
    """The worker that has claimed this mail has not written yet what became of it: the report must come again."""


def take_provider_event(ports: ProviderEventPorts, event: ProviderEvent | None, *, now: int) -> Noted:
    """Notes a report of a provider; only our own token says which mail it is about. Raises StillUnderWay."""
    named = None if event is None else reported_on(ports.keys, event.token)
    if event is None or named is None:
        return Noted(Outcome.FOREIGN)
    return take_report(ports, SentMail(*named), event, now=now)


def take_report(ports: ProviderEventPorts, mail: SentMail, event: ProviderEvent, *, now: int) -> Noted:
    """Notes what is reported about this mail, however often and in whatever order it comes.

    A complaint, a bounce for good of the address that the contact still has, and too many others, end all mail to whom
    this one went. The enrollment is written first: a report that dies in between is finished when it comes again.
    Raises StillUnderWay.
    """
    noted = event.fate is not Fate.WAITING and _note(ports, mail, event, now)
    reason = _reason_to_stop(ports, mail, event, now)
    if reason is not None:
        whom = {"tenant": mail.tenant, "contact": mail.contact}
        stop_contact(ports.signals, ports.enrollments, **whom, reason=reason, source=event.source, now=now)
    return Noted(
        outcome=Outcome.NOTED if noted else Outcome.NOTHING_NEW,
        fate=event.fate,
        reason=event.reason or None,
        tenant=mail.tenant,
        sequence=mail.enrollment.sequence,
        contact=mail.contact,
        step=mail.step,
    )


def _note(ports: ProviderEventPorts, mail: SentMail, event: ProviderEvent, now: int) -> bool:
    for _ in range(_TRIES):
        seen = ports.enrollments.get(mail.tenant, mail.enrollment)
        if seen is None or is_known(seen, mail, event):
            return False
        if is_under_way(seen, mail):
            raise StillUnderWay
        sequence = ports.sequences.get(mail.tenant, mail.enrollment.sequence)
        if sequence is None:
            return False
        told = reported(seen, mail, event, sequence, now)
        if told == seen:
            return False
        if told.state is EnrollmentState.ACTIVE:
            wake_lanes_for(ports.lanes, told, sequence, now)
        if ports.reports.note(seen, told):
            return True
    raise StoreBusy("The enrollment keeps changing. Try again.")


def _reason_to_stop(
    ports: ProviderEventPorts, mail: SentMail, event: ProviderEvent, now: int
) -> SuppressionReason | None:
    """Why the contact is to be left be: it wants to be, its address is dead, or has sent back mail after mail."""
    if event.fate in _WANTS_NONE:
        return _WANTS_NONE[event.fate]
    email = _hit(ports, mail, event) if event.fate in {Fate.BOUNCED, Fate.SOFT_BOUNCED} else None
    if email is None:
        return None
    if event.fate is Fate.BOUNCED or ports.soft_bounces.note(mail.tenant, email, mail.name, now) >= MOST_SOFT_BOUNCES:
        return SuppressionReason.BOUNCE
    return None


def _hit(ports: ProviderEventPorts, mail: SentMail, event: ProviderEvent) -> str | None:
    """The contact's address, if it is among those that are reported; it may be another one by now."""
    contact = ports.contacts.get(mail.tenant, mail.contact)
    if contact is None or contact.email is None:
        return None
    return contact.email if same_mailbox_key(contact.email) in map(_mailbox, event.addresses) else None


def _mailbox(address: str) -> str | None:
    normal = normalized(address)
    return None if normal is None else same_mailbox_key(normal)
