"""Enrolling rows: who is left out and why, which batch the others are in, and writing them down once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.domain.email import domain_of
from drumbeat.domain.enroll_call import EnrollCall, Skip, SkipKind
from drumbeat.domain.enrollment import Enrollment, new_enrollment, next_due
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Sequence, SequenceStatus

if TYPE_CHECKING:
    from drumbeat.application.ports import (
        ContactImports,
        Contacts,
        Enrollments,
        LaneWaker,
        MailDomains,
        Numbers,
        Programs,
        Sequences,
        Skips,
    )
    from drumbeat.domain.contact import Contact


@dataclass(frozen=True, slots=True)
class EnrollPorts:
    """What enrolling touches."""

    sequences: Sequences
    programs: Programs
    contact_imports: ContactImports
    contacts: Contacts
    enrollments: Enrollments
    skips: Skips
    lanes: LaneWaker
    mail_domains: MailDomains
    numbers: Numbers


def wake_lanes(ports: EnrollPorts, sequence: Sequence, now: int) -> None:
    """Before anything is written: a lane that is awake sees what comes, even if this call dies half-way."""
    if sequence.status is SequenceStatus.ACTIVE:
        ports.lanes.wake(sequence.tenant, sequence.senders, now)


def tag_of_import(number: int) -> str:
    """What the tag of every call over this import begins with."""
    return f"m{number}."


def enroll_page(
    ports: EnrollPorts, sequence: Sequence, call: EnrollCall, page: list[Contact], now: int
) -> tuple[EnrollCall, list[Skip]]:
    """Enrols the contacts of a page that can be; returns the call as it then stands and the reasons for the others."""
    there = ports.enrollments.existing(call.tenant, [_key(sequence, contact) for contact in page])
    before = {key.contact: enrollment.batch_tag for key, enrollment in there.items()}
    reasons = _reasons_to_skip(ports, sequence, [contact for contact in page if contact.number not in before])
    fresh, placed = _place(sequence, call, page, before, reasons, now)
    reasons |= _why_refused(ports, call, insert(ports, sequence, fresh))
    reasons |= {number: _why_there(call, tag) for number, tag in before.items() if tag != call.tag}
    skips = [
        Skip(contact.number, contact.email, reasons[contact.number], now)
        for contact in page
        if contact.number in reasons
    ]
    if skips:
        ports.skips.record(call, page[0].number, skips)
    return replace(
        call,
        after=page[-1].number,
        placed=placed,
        enrolled=call.enrolled + len(page) - len(skips),
        skipped=call.skipped + len(skips),
    ), skips


def _why_there(call: EnrollCall, tag: str) -> SkipKind:
    mine = tag.startswith(tag_of_import(call.contact_import))
    return SkipKind.ENROLLED_BEFORE if mine else SkipKind.ALREADY_ENROLLED


def _reasons_to_skip(ports: EnrollPorts, sequence: Sequence, contacts: list[Contact]) -> dict[int, SkipKind]:
    reasons: dict[int, SkipKind] = {}
    subscribed = [contact for contact in contacts if contact.unsubscribed_at is None and contact.email is not None]
    for number in _taken_by_siblings(ports, sequence, subscribed):
        reasons[number] = SkipKind.TAKEN_BY_SIBLING
    if sequence.verify_email_mx:
        domains = {contact.number: domain_of(contact.email) for contact in subscribed if contact.email is not None}
        dead = ports.mail_domains.without_mx(set(domains.values()))
        reasons |= {number: SkipKind.MX_INVALID for number, domain in domains.items() if domain in dead}
    reasons |= {contact.number: SkipKind.NO_EMAIL for contact in contacts if contact.email is None}
    return reasons | {
        contact.number: SkipKind.UNSUBSCRIBED for contact in contacts if contact.unsubscribed_at is not None
    }


def _taken_by_siblings(ports: EnrollPorts, sequence: Sequence, contacts: list[Contact]) -> list[int]:
    if not contacts or not _is_exclusive(ports, sequence) or sequence.program is None:
        return []
    numbers = [contact.number for contact in contacts]
    members = ports.enrollments.members(sequence.tenant, sequence.program, numbers)
    return [number for number, first in members.items() if first != sequence.number]


def _place(
    sequence: Sequence,
    call: EnrollCall,
    page: list[Contact],
    before: dict[int, str],
    reasons: dict[int, SkipKind],
    now: int,
) -> tuple[list[Enrollment], int]:
    """New enrollments for the rows that are free, and how many rows of this import are placed by then.

    Rows placed by an earlier call over the same import keep counting, so a call that died half-way is finished with the
    batch numbers it began with.
    """
    fresh: list[Enrollment] = []
    placed = call.placed
    for contact in page:
        tag = before.get(contact.number)
        if tag is None and contact.number not in reasons:
            number = placed // call.batch_size + 1
            fresh.append(enrollment_of(sequence, contact, batch_number=number, batch_tag=call.tag, now=now))
            placed += 1
        elif tag is not None and _why_there(call, tag) is SkipKind.ENROLLED_BEFORE:
            placed += 1
    return fresh, placed


def enrollment_of(
    sequence: Sequence, contact: Contact, *, batch_number: int, batch_tag: str, now: int, priority: bool = False
) -> Enrollment:
    """The contact's enrollment in the sequence; its first step is due after its delay, when the sequence may send."""
    return new_enrollment(
        sequence.tenant,
        _key(sequence, contact),
        batch_number=batch_number,
        batch_tag=batch_tag,
        now=now,
        due=next_due(now, sequence.steps[0], sequence.hours, contact.zone),
        zone=contact.zone,
        priority=priority,
    )


def insert(ports: EnrollPorts, sequence: Sequence, fresh: list[Enrollment]) -> set[EnrollmentKey]:
    """Writes new enrollments down; returns the keys of those that were refused: taken here, or by a sibling."""
    if not fresh:
        return set()
    if sequence.program is None:
        return ports.enrollments.insert(fresh)
    exclusive = _is_exclusive(ports, sequence)
    return ports.enrollments.insert_members(fresh, program=sequence.program, unique=exclusive)


def _why_refused(ports: EnrollPorts, call: EnrollCall, refused: set[EnrollmentKey]) -> dict[int, SkipKind]:
    """Somebody was faster, or it was this very call, whose acknowledgement got lost on the way."""
    if not refused:
        return {}
    there = ports.enrollments.existing(call.tenant, sorted(refused))
    others = {key for key in refused if key not in there or there[key].batch_tag != call.tag}
    return {key.contact: SkipKind.ALREADY_ENROLLED if key in there else SkipKind.TAKEN_BY_SIBLING for key in others}


def _is_exclusive(ports: EnrollPorts, sequence: Sequence) -> bool:
    program = None if sequence.program is None else ports.programs.get(sequence.tenant, sequence.program)
    return program is not None and program.unique_contacts


def _key(sequence: Sequence, contact: Contact) -> EnrollmentKey:
    return EnrollmentKey(sequence.number, contact.number)
