"""Adding contacts to a sequence under its ruleset: who is refused and why, and writing the others down once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from drumbeat.application.let_in import LetInPorts, let_some_in
from drumbeat.application.ports import Contacts, Enrollments, LaneWaker, Programs, Records, Sequences
from drumbeat.domain.adding import Known, keeps_out, refusal
from drumbeat.domain.batch import DONE, Outcome
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import NotFound, StoreBusy
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import first_due
from drumbeat.domain.ruleset import Exclusivity, Ruleset
from drumbeat.domain.sequence import Sender
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.throttle import is_throttled

_TRIES = 8
_BATCH_NUMBER = 1
"""Everything that is added this way goes by age."""
_HELD = Outcome(text="held: it waits for the sequence's throttle to let it in")


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
class _Job:
    """One call. `rivals` are the sequences that keep contacts out of this one; None where exclusivity never counts."""

    tenant: int
    sequence: Cadence
    ruleset: Ruleset | None
    sender: Sender
    tag: str
    now: int
    rivals: tuple[int, ...] | None
    unique_in: int | None

    @property
    def is_held(self) -> bool:
        return is_throttled(self.sequence)

    @property
    def asks_when_touched(self) -> bool:
        return self.ruleset is not None and self.ruleset.touched_interval > 0


def add_to_sequence(
    ports: AddPorts,
    *,
    tenant: int,
    sequence: Cadence,
    ruleset: Ruleset | None,
    sender: Sender,
    contacts: Sequence[int],
    tag: str,
    now: int,
) -> list[Outcome]:
    """Adds up to 100 contacts to the sequence, to be mailed by `sender`; tells in their order what became of each.

    Who has a run with this `tag` is done: the same call, repeated after whatever happened to it, adds nobody twice. Of
    calls at the same time one adds a contact, where duplicates or exclusivity forbid more. Where the sequence is
    throttled, additions wait to be let in.

    Raises NotFound for a sender that is gone, and StoreBusy when others keep adding the same contacts.
    """
    job = _Job(tenant, sequence, ruleset, sender, tag, now, *_bounds(ports, sequence, ruleset))
    outcomes: dict[int, Outcome] = {}
    is_announced = False
    for _ in range(_TRIES):
        left = [contact for contact in dict.fromkeys(contacts) if contact not in outcomes]
        fences, known = _look(ports, job, left)
        outcomes |= _decided(job, known)
        fresh = [_enrollment(job, entry) for number, entry in known.items() if number not in outcomes]
        if fresh and not is_announced:
            is_announced = _announce(ports, job)
        refused = _insert(ports, job, fresh, fences)
        outcomes |= {entry.key.contact: _outcome(entry) for entry in fresh if entry.key not in refused}
        if not refused:
            break
    else:
        raise StoreBusy("Others keep adding these contacts. Try again.")
    if is_announced and job.is_held:
        let_some_in(ports.letting_in, tenant=tenant, sequence_number=sequence.number, now=now)
    return [outcomes[contact] for contact in contacts]


def _bounds(ports: AddPorts, sequence: Cadence, ruleset: Ruleset | None) -> tuple[tuple[int, ...] | None, int | None]:
    """Which sequences keep contacts out of this one, if any ever could, and the program whose contacts are unique."""
    known = ports.rulesets.search(sequence.tenant, ())
    rulesets = {found.number: found.exclusivity for looked in known for found in looked.records}
    mine = Exclusivity.NONE if ruleset is None else ruleset.exclusivity
    program = None if sequence.program is None else ports.programs.get(sequence.tenant, sequence.program)
    unique_in = program.number if program is not None and program.unique_contacts else None
    if mine is Exclusivity.NONE and Exclusivity.ALL not in rulesets.values():
        return None, unique_in
    rivals = tuple(
        other.number
        for other in ports.sequences.all(sequence.tenant)
        if other.number != sequence.number and keeps_out(mine, rulesets.get(other.ruleset or 0, Exclusivity.NONE))
    )
    return rivals, unique_in


def _look(ports: AddPorts, job: _Job, contacts: Sequence[int]) -> tuple[Mapping[int, int], dict[int, Known]]:
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


def _decided(job: _Job, known: Mapping[int, Known]) -> dict[int, Outcome]:
    """What is certain without writing anything: this very call was here before, or the contact is refused."""
    outcomes: dict[int, Outcome] = {}
    for number, entry in known.items():
        mine = next((run for run in entry.runs if run.batch_tag == job.tag), None)
        outcome = refusal(entry, job.ruleset, job.now) if mine is None else _outcome(mine)
        if outcome is not None:
            outcomes[number] = outcome
    return outcomes


def _outcome(enrollment: Enrollment) -> Outcome:
    return DONE if enrollment.held_at is None else _HELD


def _enrollment(job: _Job, known: Known) -> Enrollment:
    contact = _person(known)
    due = first_due(job.sequence, contact.zone, job.now)
    return Enrollment(
        tenant=job.tenant,
        key=EnrollmentKey(job.sequence.number, contact.number, len(known.runs)),
        state=EnrollmentState.HELD if job.is_held else EnrollmentState.ACTIVE,
        step=0,
        due=due,
        epoch=0,
        batch_number=_BATCH_NUMBER,
        batch_tag=job.tag,
        created_at=job.now,
        sender=job.sender.number,
        bound=True,
        zone=contact.zone,
        timed=due > job.now and not job.is_held,
        held_at=job.now if job.is_held else None,
    )


def _person(known: Known) -> Contact:
    if known.contact is None:
        raise ValueError("nobody is refused before this")
    return known.contact


def _announce(ports: AddPorts, job: _Job) -> bool:
    """Before anything is written: whoever looks sees what comes, even if this call dies half-way.

    The sender is looked for after its lane knows of the sequence: from then on nobody deletes it without noticing.
    """
    sender, number = job.sender.number, job.sequence.number
    ports.sequences.add_mailbox(job.sequence, sender)
    if job.is_held:
        ports.letting_in.throttles.announce(job.tenant, number, job.now)
    else:
        ports.lanes.wake(job.tenant, [sender], job.now, serves=number)
    if ports.sequences.sender(job.tenant, sender) is None:
        raise NotFound("sender")
    return True


def _insert(ports: AddPorts, job: _Job, fresh: list[Enrollment], fences: Mapping[int, int]) -> set[EnrollmentKey]:
    program = job.sequence.program
    if job.rivals is not None:
        return ports.enrollments.insert_fenced(fresh, fences=fences, program=program, unique=job.unique_in is not None)
    if program is not None:
        return ports.enrollments.insert_members(fresh, program=program, unique=job.unique_in is not None)
    return ports.enrollments.insert(fresh)
