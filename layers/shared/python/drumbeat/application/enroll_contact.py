"""Enrolling one contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat.application.contacts import get_contact
from drumbeat.application.enroll_rows import EnrollPorts, enrollment_of, insert, wake_lanes
from drumbeat.application.sequences import get_sequence
from drumbeat.domain.email import domain_of
from drumbeat.domain.errors import AlreadyEnrolled, CannotBeMailed
from drumbeat.domain.sequence import Sequence, check_has_steps

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.enrollment import Enrollment


def enroll_contact(
    ports: EnrollPorts,
    *,
    tenant: int,
    sequence_number: int,
    contact_number: int,
    batch_number: int,
    priority: bool,
    intent: str | None,
    now: int,
) -> Enrollment:
    """Enrols one contact.

    Raises NotFound, CannotBeMailed, AlreadyEnrolled (also in a sibling, where contacts are unique), or ValidationFailed
    for a sequence without steps.
    """
    sequence = get_sequence(ports.sequences, tenant=tenant, number=sequence_number)
    check_has_steps(sequence)
    contact = get_contact(ports.contacts, tenant=tenant, number=contact_number)
    _check_mailable(ports, sequence, contact)
    wanted = enrollment_of(
        sequence,
        contact,
        batch_number=batch_number,
        batch_tag=f"single.{intent[:16] if intent else now}",
        now=now,
        priority=priority,
    )
    wake_lanes(ports, sequence, now)
    if not insert(ports, sequence, [wanted]):
        return wanted
    there = ports.enrollments.get(tenant, wanted.key)
    if there is not None and there.batch_tag == wanted.batch_tag:
        return there
    where = "this sequence" if there is not None else "another sequence of this program"
    raise AlreadyEnrolled(f"The contact is already enrolled in {where}.")


def _check_mailable(ports: EnrollPorts, sequence: Sequence, contact: Contact) -> None:
    if contact.unsubscribed_at is not None:
        raise CannotBeMailed("The contact has unsubscribed.")
    if contact.email is None:
        raise CannotBeMailed("The contact has no address.")
    domain = domain_of(contact.email)
    if sequence.verify_email_mx and ports.mail_domains.without_mx([domain]):
        raise CannotBeMailed(f"The domain {domain} takes no mail.")
