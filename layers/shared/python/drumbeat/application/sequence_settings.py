"""Sequences on their own: made without steps, given steps and other settings later, deleted when nobody is in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from drumbeat.application.links import Links, checked
from drumbeat.application.records import update_record
from drumbeat.application.sequences import get_sequence
from drumbeat.application.shared_senders import delete_sender
from drumbeat.domain.enrollment import OVER, Enrollment
from drumbeat.domain.errors import NotFound, StillInUse, StoreBusy
from drumbeat.domain.ids import Kind
from drumbeat.domain.placed_step import PlacedStep
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, check_steps, step_place

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, Numbers, Records, SenderLanes, Sequences

_TRIES = 5
MOST_COUNTED = 1_000
_BUSY = "The sequence keeps changing. Try again."
_SHORTEST_WAIT, _LONGEST_WAIT = 120, 420
_BOUNCE_RATE = 8.0

type Settings = Callable[[Sequence], Sequence]
"""What somebody wants to be different about a sequence's settings; it may be asked more than once."""


@dataclass(frozen=True, slots=True)
class SettingsPorts:
    """What settings touch: they are written through the `records`, which let nobody's change get lost."""

    sequences: Sequences
    records: Records[Sequence]
    links: Links
    numbers: Numbers


def create_bare_sequence(
    ports: SettingsPorts, *, tenant: int, name: str, wanted: Settings, intent: str | None, now: int
) -> Sequence:
    """Makes a sequence without steps or senders of its own; it sends nothing. Raises UnknownLink."""
    bare = bare_sequence(tenant, name, now)
    asked = checked(ports.links, tenant, wanted)(bare)
    sequence = replace(asked, number=ports.numbers.take(tenant, Kind.SEQUENCE))
    made = ports.sequences.create(sequence, [], intent=intent, now=now)
    return sequence if made == sequence.number else get_sequence(ports.sequences, tenant=tenant, number=made)


def bare_sequence(tenant: int, name: str, now: int) -> Sequence:
    """A sequence with nothing in it, and no number yet."""
    return Sequence(
        tenant=tenant,
        number=0,
        name=name,
        status=SequenceStatus.PENDING,
        program=None,
        min_wait_seconds=_SHORTEST_WAIT,
        max_wait_seconds=_LONGEST_WAIT,
        verify_email_mx=False,
        bounce_rate_threshold=_BOUNCE_RATE,
        steps=(),
        senders=(),
        created_at=now,
    )


def change_sequence(ports: SettingsPorts, *, tenant: int, number: int, wanted: Settings, now: int) -> Sequence:
    """Changes settings and returns the sequence as it then is. Raises NotFound, UnknownLink for owner and ruleset."""

    change = checked(ports.links, tenant, wanted)
    return update_record(ports.records, "sequence", tenant=tenant, number=number, change=change, now=now)


def append_step(
    ports: SettingsPorts,
    *,
    tenant: int,
    number: int,
    step: Step,
    check_index: Callable[[int], None],
    intent: str | None,
    now: int,
) -> PlacedStep:
    """Puts a step behind the others, whatever its position says; `check_index` may refuse where it comes to stand.

    Who is on the way through the sequence comes to it, who is through stays so. Raises NotFound, and ValidationFailed
    for more than a sequence can hold.
    """
    for _ in range(_TRIES):
        seen = get_sequence(ports.sequences, tenant=tenant, number=number)
        last = seen.steps[-1].position if seen.steps else 0
        placed = replace(step, position=last + 1)
        check_index(len(seen.steps))
        check_steps((*seen.steps, placed))
        index = ports.sequences.append_step(seen, placed, intent=intent, now=now)
        if index is not None:
            return PlacedStep(get_sequence(ports.sequences, tenant=tenant, number=number), index)
    raise StoreBusy(_BUSY)


def change_step(
    ports: SettingsPorts, *, tenant: int, number: int, change: Callable[[Step], Step], now: int
) -> PlacedStep:
    """Changes the step with this number: whoever has it before them gets it as it then is; dues that are set stay.

    Raises NotFound, and ValidationFailed for more than a sequence can hold.
    """
    sequence, index = step_place(number)

    def wanted(seen: Sequence) -> Sequence:
        if index >= len(seen.steps):
            raise NotFound("step", number)
        steps = (*seen.steps[:index], change(seen.steps[index]), *seen.steps[index + 1 :])
        check_steps(steps)
        return replace(seen, steps=steps)

    return PlacedStep(
        update_record(ports.records, "step", tenant=tenant, number=sequence, change=wanted, now=now), index
    )


def delete_sequence(
    sequences: Sequences, enrollments: Enrollments, lanes: SenderLanes, *, tenant: int, number: int, now: int
) -> None:
    """Deletes a sequence that nobody is on the way through, with the senders in its rotation.

    Raises NotFound; StillInUse for somebody on the way, and for a sender that enrollments elsewhere are bound to; it
    counts who is on the way, up to `MOST_COUNTED`. One that is added at this very moment never leaves: nothing is sent
    for a sequence that is gone.
    """
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    on_the_way = (enrollment for enrollment in enrollments.of_sequence(tenant, number) if not _is_over(enrollment))
    running = sum(1 for _ in islice(on_the_way, MOST_COUNTED))
    if running:
        raise StillInUse("Contacts are on their way through this sequence. Finish them first.", running=running)
    for sender in sequence.senders:
        delete_sender(sequences, lanes, tenant=tenant, number=sender, now=now)
    sequences.remove(sequence)


def _is_over(enrollment: Enrollment) -> bool:
    return enrollment.state in OVER and enrollment.owner is None
