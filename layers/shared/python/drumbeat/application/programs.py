"""Programs: groups of sequences."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from drumbeat.domain.enrollment import Progress, progress
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind
from drumbeat.domain.program import Program

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, Numbers, Programs, Sequences
    from drumbeat.domain.sequence import Sequence


def create_program(
    programs: Programs,
    numbers: Numbers,
    *,
    tenant: int,
    name: str,
    unique_contacts: bool,
    intent: str | None,
    now: int,
) -> Program:
    """Makes a program; the same intent makes it once."""
    number = numbers.take(tenant, Kind.PROGRAM)
    program = Program(tenant, number, name, unique_contacts, now)
    made = programs.create(program, intent=intent, now=now)
    return program if made == number else get_program(programs, tenant=tenant, number=made)


def get_program(programs: Programs, *, tenant: int, number: int) -> Program:
    """The program. Raises NotFound."""
    program = programs.get(tenant, number)
    if program is None:
        raise NotFound("program")
    return program


def update_program(
    programs: Programs, *, tenant: int, number: int, name: str | None, unique_contacts: bool | None
) -> Program:
    """Changes what is given. Contacts that are in two sequences already stay there. Raises NotFound."""
    program = get_program(programs, tenant=tenant, number=number)
    changed = replace(
        program,
        name=program.name if name is None else name,
        unique_contacts=program.unique_contacts if unique_contacts is None else unique_contacts,
    )
    programs.update(changed)
    return changed


def sequences_of(sequences: Sequences, program: Program) -> list[Sequence]:
    """The program's sequences, oldest first."""
    found = [sequence for sequence in sequences.all(program.tenant) if sequence.program == program.number]
    return found[::-1]


def count_progress(enrollments: Enrollments, sequence: Sequence) -> Counter[Progress]:
    """How many of the sequence's enrollments stand where: counted, not kept, so nothing can drift."""
    return Counter(progress(entry) for entry in enrollments.of_sequence(sequence.tenant, sequence.number))
