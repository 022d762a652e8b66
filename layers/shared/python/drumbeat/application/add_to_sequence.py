"""Adding contacts to a sequence under its ruleset: who is refused and why, and writing the others down once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from drumbeat.application.addition import Addition, AddPorts, added, announce, begin_addition, look_at
from drumbeat.application.let_in import let_some_in
from drumbeat.domain.adding import Known, refusal
from drumbeat.domain.batch import DONE, Outcome
from drumbeat.domain.errors import NotFound, StoreBusy

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.ruleset import Ruleset
    from drumbeat.domain.sequence import Sender
    from drumbeat.domain.sequence import Sequence as Cadence

_TRIES = 8
_HELD = Outcome(text="held: it waits for the sequence's throttle to let it in")


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
    job = begin_addition(ports, sequence, ruleset, sender=sender.number, tag=tag, now=now)
    outcomes: dict[int, Outcome] = {}
    is_announced = False
    for _ in range(_TRIES):
        left = [contact for contact in dict.fromkeys(contacts) if contact not in outcomes]
        fences, known = look_at(ports, job, left)
        outcomes |= _decided(job, known)
        fresh = [_enrollment(job, entry) for number, entry in known.items() if number not in outcomes]
        if fresh and not is_announced:
            is_announced = _announce(ports, job, sender)
        refused = _insert(ports, job, fresh, fences)
        outcomes |= {entry.key.contact: _outcome(entry) for entry in fresh if entry.key not in refused}
        if not refused:
            break
    else:
        raise StoreBusy("Others keep adding these contacts. Try again.")
    if is_announced and job.is_held:
        let_some_in(ports.letting_in, tenant=tenant, sequence_number=sequence.number, now=now)
    return [outcomes[contact] for contact in contacts]


def _decided(job: Addition, known: Mapping[int, Known]) -> dict[int, Outcome]:
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


def _enrollment(job: Addition, known: Known) -> Enrollment:
    if known.contact is None:
        raise ValueError("nobody is refused before this")
    return added(job, known.contact, len(known.runs))


def _announce(ports: AddPorts, job: Addition, sender: Sender) -> bool:
    announce(ports, job)
    if ports.sequences.sender(job.tenant, sender.number) is None:
        raise NotFound("sender")
    return True


def _insert(ports: AddPorts, job: Addition, fresh: list[Enrollment], fences: Mapping[int, int]) -> set[EnrollmentKey]:
    program = job.sequence.program
    if job.rivals is not None:
        return ports.enrollments.insert_fenced(fresh, fences=fences, program=program, unique=job.unique_in is not None)
    if program is not None:
        return ports.enrollments.insert_members(fresh, program=program, unique=job.unique_in is not None)
    return ports.enrollments.insert(fresh)
