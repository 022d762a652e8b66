"""What every way of adding contacts to a sequence asks and does: what is known of them, the enrollment, the lanes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.domain.adding import Known, keeps_out
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import first_due
from drumbeat.domain.ruleset import Exclusivity, Ruleset
from drumbeat.domain.throttle import is_throttled

if TYPE_CHECKING:
    from drumbeat.application.let_in import LetInPorts
    from drumbeat.application.ports import Contacts, Enrollments, LaneWaker, Programs, Records, Sequences
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.sequence import Sequence as Cadence

_BATCH_NUMBER = 1
"""Everything that is added this way goes by age."""


@dataclass(frozen=True, slots=True)
class AddPorts:
    """What adding touches."""

    contacts: Contacts
    enrollments: Enrollments
    sequences: Sequences
    rulesets: Records[Ruleset]
    programs: Programs
    lanes: LaneWaker
    letting_in: LetInPorts


@dataclass(frozen=True, slots=True)
class Addition:
    """One call. `sender` is what additions are bound to, None where those in rotation send.

    `rivals` are the sequences that keep contacts out of this one; None where exclusivity never counts. `unique_in` is
    the program whose contacts are in one of its sequences only.
    """

    tenant: int
    sequence: Cadence
    ruleset: Ruleset | None
    sender: int | None
    tag: str
    now: int
    rivals: tuple[int, ...] | None
    unique_in: int | None

    @property
    def is_held(self) -> bool:
        """Whether additions wait to be let in."""
        return is_throttled(self.sequence)

    @property
    def asks_when_touched(self) -> bool:
        """Whether it matters when a contact got its last mail."""
        return self.ruleset is not None and self.ruleset.touched_interval > 0


def begin_addition(
    ports: AddPorts,
    sequence: Cadence,
    ruleset: Ruleset | None,
    *,
    sender: int | None,
    tag: str,
    now: int,
) -> Addition:
    """Looks up what holds for everybody who is added in this call."""
    known = ports.rulesets.search(sequence.tenant, ())
    rulesets = {found.number: found.exclusivity for looked in known for found in looked.records}
    mine = Exclusivity.NONE if ruleset is None else ruleset.exclusivity
    program = None if sequence.program is None else ports.programs.get(sequence.tenant, sequence.program)
    rivals: tuple[int, ...] | None = None
    if mine is not Exclusivity.NONE or Exclusivity.ALL in rulesets.values():
        rivals = tuple(
            other.number
            for other in ports.sequences.all(sequence.tenant)
            if other.number != sequence.number and keeps_out(mine, rulesets.get(other.ruleset or 0, Exclusivity.NONE))
        )
    return Addition(
        tenant=sequence.tenant,
        sequence=sequence,
        ruleset=ruleset,
        sender=sender,
        tag=tag,
        now=now,
        rivals=rivals,
        unique_in=program.number if program is not None and program.unique_contacts else None,
    )


def look_at(ports: AddPorts, job: Addition, contacts: Sequence[int]) -> tuple[Mapping[int, int], dict[int, Known]]:
    """What is known of each contact. The fences are read first: who passes one meanwhile refuses what follows."""
    tenant, me = job.tenant, job.sequence.number
    fences = {} if job.rivals is None else ports.enrollments.fences(tenant, contacts)
    people = ports.contacts.get_some(tenant, contacts)
    runs = ports.enrollments.runs(tenant, [me], contacts)
    siblings = {} if job.unique_in is None else ports.enrollments.members(tenant, job.unique_in, contacts)
    everywhere = ports.enrollments.of_contacts(tenant, contacts) if job.asks_when_touched else []
    elsewhere = ports.enrollments.runs(tenant, job.rivals, contacts) if job.rivals else {}
    rivals = _by_contact(entry for found in elsewhere.values() for entry in found)
    others = _by_contact(everywhere)
    return fences, {
        contact: Known(
            contact=people.get(contact),
            runs=runs.get((me, contact), ()),
            rivals=rivals.get(contact, ()),
            others=others.get(contact, ()),
            sibling=siblings.get(contact, me) != me,
        )
        for contact in contacts
    }


def _by_contact(enrollments: Iterable[Enrollment]) -> dict[int, list[Enrollment]]:
    found: dict[int, list[Enrollment]] = {}
    for enrollment in enrollments:
        found.setdefault(enrollment.key.contact, []).append(enrollment)
    return found


def added(job: Addition, contact: Contact, run: int, *, start: int | None = None) -> Enrollment:
    """The contact's enrollment; its first step is due as if it had been enrolled at `start`, if that is to come."""
    due = first_due(job.sequence, contact.zone, max(job.now, start or 0))
    fresh = new_enrollment(
        job.tenant,
        EnrollmentKey(job.sequence.number, contact.number, run),
        batch_number=_BATCH_NUMBER,
        batch_tag=job.tag,
        now=job.now,
        due=due,
        zone=contact.zone,
        bound_to=job.sender,
    )
    return replace(fresh, state=EnrollmentState.HELD, timed=False, held_at=job.now) if job.is_held else fresh


def announce(ports: AddPorts, job: Addition) -> None:
    """Before anything is written: whoever looks sees what comes, even if this call dies half-way.

    Whether the sender is there has to be asked after this: from now on nobody deletes it without noticing.
    """
    number = job.sequence.number
    if job.sender is not None:
        ports.sequences.add_mailbox(job.sequence, job.sender)
    if job.is_held:
        ports.letting_in.throttles.announce(job.tenant, number, job.now)
    elif job.sender is None:
        ports.lanes.wake(job.tenant, job.sequence.senders, job.now)
    else:
        ports.lanes.wake(job.tenant, [job.sender], job.now, serves=number)
