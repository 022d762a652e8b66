"""Sequences: making them, and starting, pausing and resuming them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.application.programs import get_program
from drumbeat.application.senders import NewSender, seal
from drumbeat.domain.errors import NobodyToSend, NotFound, NothingToSend, SequenceNotActive, SequenceNotPaused
from drumbeat.domain.ids import Kind
from drumbeat.domain.resolution import senders_for
from drumbeat.domain.sender_health import nobody_left
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, check_has_steps

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, LaneWaker, Numbers, Programs, Sequences, Vault
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.reach import Reach


@dataclass(frozen=True, slots=True)
class NewSequence:
    """What a tenant asks for."""

    name: str
    program: int | None
    min_wait_seconds: int
    max_wait_seconds: int
    verify_email_mx: bool
    bounce_rate_threshold: float
    steps: tuple[Step, ...]
    senders: tuple[NewSender, ...]
    track_clicks: bool = False


@dataclass(frozen=True, slots=True)
class SequencePorts:
    """What making a sequence touches."""

    sequences: Sequences
    programs: Programs
    numbers: Numbers
    vault: Vault


def create_sequence(
    ports: SequencePorts, *, tenant: int, wanted: NewSequence, intent: str | None, now: int
) -> Sequence:
    """Makes a sequence with its senders, all or nothing; it sends nothing yet. Raises NotFound for its program."""
    if wanted.program is not None:
        get_program(ports.programs, tenant=tenant, number=wanted.program)
    number = ports.numbers.take(tenant, Kind.SEQUENCE)
    first = ports.numbers.take(tenant, Kind.SENDER, len(wanted.senders))
    senders = [
        seal(ports.vault, new, tenant=tenant, sequence=number, number=first + place, now=now)
        for place, new in enumerate(wanted.senders)
    ]
    sequence = Sequence(
        tenant=tenant,
        number=number,
        name=wanted.name,
        status=SequenceStatus.PENDING,
        program=wanted.program,
        min_wait_seconds=wanted.min_wait_seconds,
        max_wait_seconds=wanted.max_wait_seconds,
        verify_email_mx=wanted.verify_email_mx,
        bounce_rate_threshold=wanted.bounce_rate_threshold,
        steps=wanted.steps,
        senders=tuple(sender.number for sender in senders),
        created_at=now,
        track_clicks=wanted.track_clicks,
    )
    made = ports.sequences.create(sequence, senders, intent=intent, now=now)
    return sequence if made == number else get_sequence(ports.sequences, tenant=tenant, number=made)


def get_sequence(sequences: Sequences, *, tenant: int, number: int) -> Sequence:
    """The sequence. Raises NotFound."""
    sequence = sequences.get(tenant, number)
    if sequence is None:
        raise NotFound("sequence")
    return sequence


def sequence_within(sequences: Sequences, reach: Reach, *, tenant: int, number: int) -> Sequence:
    """The sequence, if it is in reach. Raises NotFound."""
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    if not reach.covers(workspace=sequence.workspace):
        raise NotFound("sequence")
    return sequence


def administered_sequence(sequences: Sequences, reach: Reach, *, tenant: int, number: int) -> Sequence:
    """The sequence, for somebody who may change it. Raises NotFound, and ScopeMissing for who only sees it."""
    sequence = sequence_within(sequences, reach, tenant=tenant, number=number)
    reach.check_administers()
    return sequence


def wake_sequence(lanes: LaneWaker, sequence: Sequence, now: int) -> None:
    """Makes everybody look who may send for the sequence: its senders, and those that its enrollments are bound to."""
    lanes.wake(sequence.tenant, sequence.senders, now)
    lanes.wake(sequence.tenant, sequence.mailboxes, now, serves=sequence.number)


def wake_senders(lanes: LaneWaker, sequences: Sequences, enrollment: Enrollment, sequence: Sequence, now: int) -> bool:
    """Wakes whoever may send what is about to become active; False if it is bound to a sender that is gone.

    The sender is looked for after its lane knows of the sequence: from then on nobody deletes it without noticing.
    """
    wake_lanes_for(lanes, enrollment, sequence, now)
    bound_to = enrollment.sender if enrollment.bound else None
    return bound_to is None or sequences.sender(enrollment.tenant, bound_to) is not None


def wake_lanes_for(lanes: LaneWaker, enrollment: Enrollment, sequence: Sequence, now: int) -> None:
    """Makes whoever may send the enrollment look at it."""
    is_bound = enrollment.bound and enrollment.sender is not None
    serves = sequence.number if is_bound else None
    lanes.wake(enrollment.tenant, senders_for(enrollment, sequence), now, serves=serves)


def start_sequence(
    sequences: Sequences, enrollments: Enrollments, lanes: LaneWaker, *, tenant: int, number: int, now: int
) -> SequenceStatus:
    """Lets a sequence send what is waiting; starting an active one again changes nothing.

    A paused one stays paused: pausing is undone by resuming only. Raises NotFound, NothingToSend.
    """
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    if not enrollments.any_waiting(tenant, number):
        raise NothingToSend("No enrollment of this sequence is pending.")
    if sequence.status is SequenceStatus.PAUSED:
        return SequenceStatus.PAUSED
    wake_sequence(lanes, sequence, now)
    started = sequences.change_status(
        sequence, allowed=[SequenceStatus.PENDING, SequenceStatus.ACTIVE], to=SequenceStatus.ACTIVE, now=now
    )
    return SequenceStatus.ACTIVE if started else SequenceStatus.PAUSED


def pause_sequence(sequences: Sequences, *, tenant: int, number: int, now: int) -> None:
    """Stops a sequence: no claim that follows sends. Raises NotFound, SequenceNotActive."""
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    if not sequences.change_status(sequence, allowed=[SequenceStatus.ACTIVE], to=SequenceStatus.PAUSED, now=now):
        raise SequenceNotActive("Only an active sequence can be paused.")


def resume_sequence(sequences: Sequences, lanes: LaneWaker, *, tenant: int, number: int, now: int) -> None:
    """Lets a paused sequence send again. Raises NotFound, SequenceNotPaused, NobodyToSend."""
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    refusal = SequenceNotPaused("Only a paused sequence can be resumed.")
    if sequence.status is not SequenceStatus.PAUSED:
        raise refusal
    _check_somebody_sends(sequences, sequence)
    wake_sequence(lanes, sequence, now)
    if not sequences.change_status(sequence, allowed=[SequenceStatus.PAUSED], to=SequenceStatus.ACTIVE, now=now):
        raise refusal


def _check_somebody_sends(sequences: Sequences, sequence: Sequence) -> None:
    if nobody_left(sequences.crew(sequence)):
        raise NobodyToSend("Every sender of the sequence is switched off. Switch one on, or add one, then resume.")


def activate_sequence(sequences: Sequences, lanes: LaneWaker, *, tenant: int, number: int, now: int) -> Sequence:
    """Lets a sequence send, whatever waits in it; returns it as it then is. Activating an active one changes nothing.

    Raises NotFound, ValidationFailed for a sequence without steps, and NobodyToSend.
    """
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    if sequence.status is SequenceStatus.ACTIVE:
        return sequence
    check_has_steps(sequence)
    if sequence.paused_reason is not None:
        _check_somebody_sends(sequences, sequence)
    wake_sequence(lanes, sequence, now)
    stopped = [SequenceStatus.PENDING, SequenceStatus.PAUSED]
    sequences.change_status(sequence, allowed=stopped, to=SequenceStatus.ACTIVE, now=now)
    return get_sequence(sequences, tenant=tenant, number=number)


def deactivate_sequence(sequences: Sequences, *, tenant: int, number: int, now: int) -> Sequence:
    """Stops a sequence; returns it as it then is. One that does not send stays as it is. Raises NotFound."""
    sequence = get_sequence(sequences, tenant=tenant, number=number)
    sequences.change_status(sequence, allowed=[SequenceStatus.ACTIVE], to=SequenceStatus.PAUSED, now=now)
    return get_sequence(sequences, tenant=tenant, number=number)
