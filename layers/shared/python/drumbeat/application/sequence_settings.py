"""Sequences on their own: made without steps, given steps and other settings later, deleted when nobody is in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from drumbeat.application.ports import Enrollments, Numbers, Records, Sequences
from drumbeat.application.sequences import get_sequence
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import NotFound, StillInUse, StoreBusy
from drumbeat.domain.ids import Kind
from drumbeat.domain.ruleset import Ruleset
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, check_steps
from drumbeat.domain.user import User

_TRIES = 5
_BUSY = "The sequence keeps changing. Try again."
_SHORTEST_WAIT, _LONGEST_WAIT = 120, 420
_BOUNCE_RATE = 8.0
_OVER = frozenset(
    {
        EnrollmentState.FINISHED,
        EnrollmentState.REPLIED,
        EnrollmentState.BOUNCED,
        EnrollmentState.UNSUBSCRIBED,
        EnrollmentState.REMOVED,
    }
)

type Settings = Callable[[Sequence], Sequence]
"""What somebody wants to be different about a sequence's settings; it may be asked more than once."""


@dataclass(frozen=True, slots=True)
class SettingsPorts:
    """What settings touch: they are written through the `records`, which let nobody's change get lost."""

    sequences: Sequences
    records: Records[Sequence]
    rulesets: Records[Ruleset]
    users: Records[User]
    numbers: Numbers


def create_bare_sequence(
    ports: SettingsPorts, *, tenant: int, name: str, wanted: Settings, intent: str | None, now: int
) -> Sequence:
    """Makes a sequence without steps or senders of its own; it sends nothing. Raises NotFound for owner or ruleset."""
    bare = Sequence(
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
    asked = wanted(bare)
    _check_relations(ports, bare, asked)
    sequence = replace(asked, number=ports.numbers.take(tenant, Kind.SEQUENCE))
    made = ports.sequences.create(sequence, [], intent=intent, now=now)
    return sequence if made == sequence.number else get_sequence(ports.sequences, tenant=tenant, number=made)


def change_sequence(ports: SettingsPorts, *, tenant: int, number: int, wanted: Settings, now: int) -> Sequence:
    """Changes settings and returns the sequence as it then is. Raises NotFound, for its owner or ruleset too."""

    def checked(seen: Sequence) -> Sequence:
        asked = wanted(seen)
        _check_relations(ports, seen, asked)
        return asked

    changed = ports.records.change(tenant, [number], checked, now=now)
    if number not in changed:
        raise NotFound("sequence")
    return changed[number]


def append_step(
    ports: SettingsPorts, *, tenant: int, number: int, step: Step, intent: str | None, now: int
) -> tuple[Sequence, int]:
    """Puts a step behind the others, whatever its position says; returns the sequence and the step's index.

    Who is on the way through the sequence comes to it, who is through stays so. Raises NotFound, and ValidationFailed
    for more than a sequence can hold.
    """
    for _ in range(_TRIES):
        seen = get_sequence(ports.sequences, tenant=tenant, number=number)
        last = seen.steps[-1].position if seen.steps else 0
        placed = replace(step, position=last + 1)
        check_steps((*seen.steps, placed))
        index = ports.sequences.append_step(seen, placed, intent=intent, now=now)
        if index is not None:
            return get_sequence(ports.sequences, tenant=tenant, number=number), index
    raise StoreBusy(_BUSY)


def change_step(
    ports: SettingsPorts, *, tenant: int, number: int, index: int, change: Callable[[Step], Step], now: int
) -> Sequence:
    """Changes a step in its place: whoever has it before them gets it as it then is; dues that are set stay.

    Raises NotFound, and ValidationFailed for more than a sequence can hold.
    """

    def wanted(seen: Sequence) -> Sequence:
        if index >= len(seen.steps):
            raise NotFound("step")
        steps = (*seen.steps[:index], change(seen.steps[index]), *seen.steps[index + 1 :])
        check_steps(steps)
        return replace(seen, steps=steps)

    changed = ports.records.change(tenant, [number], wanted, now=now)
    if number not in changed:
        raise NotFound("step")
    return changed[number]


def delete_sequence(sequences: Sequences, enrollments: Enrollments, *, tenant: int, number: int) -> None:
    """Deletes a sequence that nobody is on the way through. Raises NotFound, StillInUse.

    Reads its enrollments up to the first that is not over. One that is added at this very moment never leaves: nothing
    is sent for a sequence that is gone.
    """
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    if any(not _is_over(enrollment) for enrollment in enrollments.of_sequence(tenant, number)):
        raise StillInUse("Contacts are on their way through this sequence. Finish them first.")
    sequences.remove(sequence)


def _is_over(enrollment: Enrollment) -> bool:
    return enrollment.state in _OVER and enrollment.owner is None


def _check_relations(ports: SettingsPorts, seen: Sequence, asked: Sequence) -> None:
    if asked.ruleset not in (None, seen.ruleset) and ports.rulesets.get(asked.tenant, asked.ruleset) is None:
        raise NotFound("ruleset")
    if asked.owner not in (None, seen.owner) and ports.users.get(asked.tenant, asked.owner) is None:
        raise NotFound("user")
