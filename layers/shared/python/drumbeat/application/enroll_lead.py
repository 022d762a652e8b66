"""Enrolling a lead by the tenant's own id for it: said again, it is the same enrollment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from drumbeat.application.addition import Addition, AddPorts, added, announce, begin_addition, look_at
from drumbeat.application.lead_ports import Found, Leads, NewLead, Wanted, may_serve
from drumbeat.application.leads import LeadPorts, PlacedLead, place_leads
from drumbeat.application.let_in import let_some_in
from drumbeat.application.rulesets import ruleset_of
from drumbeat.domain.adding import OPTED_OUT, Known, refusal
from drumbeat.domain.contact import Contact
from drumbeat.domain.digest import digest
from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.enrollment import ENGAGED, Enrollment, Lead
from drumbeat.domain.errors import AlreadyEnrolled, CannotBeMailed, NotAdded, NotFound, StoreBusy, ValidationFailed
from drumbeat.domain.ids import Kind
from drumbeat.domain.person_name import first_and_last
from drumbeat.domain.ruleset import Duplicates
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import StepKind, check_has_steps

if TYPE_CHECKING:
    from drumbeat.application.ports import Numbers
    from drumbeat.domain.reach import Reach

_TRIES = 8


@dataclass(frozen=True, slots=True)
class EnrollLeadPorts:
    """What enrolling a lead touches."""

    leads: Leads
    adding: AddPorts
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class AskedLead:
    """What is asked for: a lead with an external id, its normalized address, and the sender of its mails.

    `context` is for the tenant's app, `start` the instant from which its first step counts.
    """

    lead: Lead
    email: str | None = None
    sender: int | None = None
    context: Mapping[str, Any] | None = None
    start: int | None = None


class EnrolledLead(NamedTuple):
    """The enrollment with what goes with it, and whether this call made it."""

    placed: PlacedLead
    created: bool


@dataclass(frozen=True, slots=True)
class _Call:
    ports: EnrollLeadPorts
    reach: Reach
    tenant: int
    sequence: int
    asked: AskedLead
    now: int

    @property
    def external_id(self) -> str:
        return self.asked.lead.external_id or ""


def enroll_lead(
    ports: EnrollLeadPorts, reach: Reach, *, tenant: int, sequence_number: int, asked: AskedLead, now: int
) -> EnrolledLead:
    """Enrols the lead, with a new contact unless the address has one, or returns the enrollment that is there.

    There is one where the external id has one, or where the person is in the sequence and not finished: nothing is
    changed then. Raises NotFound for the sequence; ValidationFailed (fields "sender", "session") for what its steps
    need; CannotBeMailed for an address that has opted out; NotAdded for what the ruleset says; AlreadyEnrolled for what
    the caller does not reach; and StoreBusy.
    """
    call = _Call(ports, reach, tenant, sequence_number, asked, now)
    for _ in range(_TRIES):
        enrolled = _attempt(call)
        if enrolled is not None:
            return enrolled
    raise StoreBusy("Others keep enrolling this lead. Try again.")


def _attempt(call: _Call) -> EnrolledLead | None:
    """None if somebody was faster: then what they did is looked at."""
    found = call.ports.leads.look(call.tenant, _wanted(call))
    sequence = found.sequences.get(call.sequence)
    if sequence is None or not call.reach.covers(workspace=sequence.workspace):
        raise NotFound("sequence")
    holder = found.holders.get(call.external_id)
    if holder is not None:
        return _there(call, sequence, found.enrollments[holder])
    call.ports.leads.free(call.tenant, found.dead)
    check_has_steps(sequence)
    _check_demands(call, sequence, found)
    job = _begin(call, sequence)
    person = _person(call, found)
    if person is None:
        return _enroll_stranger(call, job)
    fences, known = look_at(call.ports.adding, job, [person.number])
    return _enroll_known(call, job, known[person.number], fences.get(person.number, 0))


def _wanted(call: _Call) -> Wanted:
    asked = call.asked
    return Wanted(
        call.sequence,
        external_ids=[call.external_id],
        addresses=[] if asked.email is None else [asked.email],
        senders=[] if asked.sender is None else [asked.sender],
    )


def _there(call: _Call, sequence: Cadence, enrollment: Enrollment) -> EnrolledLead:
    if not call.reach.covers(workspace=sequence.workspace, sender=enrollment.sender):
        raise AlreadyEnrolled("This lead is enrolled already, out of this key's reach.")
    adding = call.ports.adding
    (placed,) = place_leads(LeadPorts(call.ports.leads, adding.enrollments, adding.contacts), sequence, [enrollment])
    return EnrolledLead(placed, created=False)


def _check_demands(call: _Call, sequence: Cadence, found: Found) -> None:
    asked, steps = call.asked, sequence.steps
    sender = None if asked.sender is None else found.senders.get(asked.sender)
    if asked.sender is not None and (sender is None or not may_serve(sender, sequence, call.reach)):
        raise _needed("sender", "There is nothing with this id to send from.")
    if asked.sender is None and (call.reach.sender is not None or any(step.kind is StepKind.EMAIL for step in steps)):
        raise _needed("sender", "Something has to send the e-mail steps.")
    if asked.lead.session is None and any(step.is_on_linkedin for step in steps):
        raise _needed("session", "An account has to do the LinkedIn steps.")


def _needed(field: str, message: str) -> ValidationFailed:
    return ValidationFailed(message, errors=[{"field": field, "code": "invalid", "message": message}])


def _begin(call: _Call, sequence: Cadence) -> Addition:
    ruleset = ruleset_of(call.ports.adding.rulesets, sequence)
    sender = sequence.connector if call.asked.sender is None else call.asked.sender
    tag = f"lead.{digest(call.external_id)[:16]}"
    return begin_addition(call.ports.adding, sequence, ruleset, sender=sender, tag=tag, now=call.now)


def _person(call: _Call, found: Found) -> Contact | None:
    """Whose address it is. Raises CannotBeMailed."""
    if call.asked.email is None:
        return None
    mailbox = same_mailbox_key(call.asked.email)
    person = found.people.get(mailbox)
    if mailbox in found.barred or (person is not None and person.unsubscribed_at is not None):
        raise CannotBeMailed("This address has unsubscribed, and is not mailed.")
    return person


def _enroll_stranger(call: _Call, job: Addition) -> EnrolledLead | None:
    first, last = first_and_last(call.asked.lead.name)
    number = call.ports.numbers.take(call.tenant, Kind.CONTACT)
    contact = Contact(call.tenant, number, 0, call.asked.email, first, last, None, call.now, updated_at=call.now)
    return _insert(call, job, contact, run=0, fence=0, is_new=True)


def _enroll_known(call: _Call, job: Addition, known: Known, fence: int) -> EnrolledLead | None:
    person = known.contact
    if person is None:
        return None  # deleted since its address was looked up
    own = [run for run in known.runs if run.contact == person.number]
    lent = call.ports.adding.enrollments.relinked_to(call.tenant, person.number)
    mailed = [*own, *(entry for entry in lent if entry.key.sequence == job.sequence.number)]
    engaged = next((entry for entry in mailed if entry.state in ENGAGED), None)
    if engaged is not None:
        return _there(call, job.sequence, engaged)
    refused = refusal(
        replace(known, runs=own), job.ruleset, call.now, usual=Duplicates.ONLY_IF_INACTIVE, needs_address=False
    )
    if refused is not None:
        error = CannotBeMailed if refused.code == OPTED_OUT else NotAdded
        raise error(refused.text or "The lead is not enrolled.", reason=refused.code)
    return _insert(call, job, person, run=len(known.runs), fence=fence, is_new=False)


def _insert(call: _Call, job: Addition, contact: Contact, *, run: int, fence: int, is_new: bool) -> EnrolledLead | None:
    context = call.asked.context or None
    enrollment = replace(
        added(job, contact, run, start=call.asked.start), lead=call.asked.lead, has_context=context is not None
    )
    announce(call.ports.adding, job)
    is_written = call.ports.leads.insert(
        NewLead(enrollment, contact if is_new else None, context),
        fence=None if job.rivals is None else fence,
        program=job.sequence.program,
        unique=job.unique_in is not None,
        wanted=[] if job.sender is None else [job.sender],
    )
    if not is_written:
        return None
    if job.is_held:
        ports = call.ports.adding.letting_in
        let_some_in(ports, tenant=call.tenant, sequence_number=job.sequence.number, now=call.now)
    return EnrolledLead(PlacedLead(enrollment, job.sequence, contact.email, context), created=True)
