"""Pausing, resuming, finishing and taking away enrollments, one of them or all of many contacts'."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.sequences import get_sequence, wake_senders
from drumbeat.application.unknown_sends import get_enrollment
from drumbeat.domain.batch import DONE, Outcome
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, may_go_on
from drumbeat.domain.errors import BeingSent, CannotBeMailed, EnrollmentNotActive, EnrollmentNotPaused, StoreBusy
from drumbeat.domain.lifecycle import PAUSED_BY_A_USER, Move, deleted, finished, paused, paused_in_line, resumed

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, LaneWaker, Sequences
    from drumbeat.domain.ids import EnrollmentKey

_TRIES = 5
_BUSY = "The enrollment keeps changing. Try again."


class EnrollmentChanges(Protocol):
    """Writes what people make of enrollments; what a worker does meanwhile is never overwritten."""

    def change(self, moves: Sequence[Move]) -> list[bool]:
        """Writes each move whose enrollment still is as it was seen; says of each whether it is as told now."""
        ...

    def change_together(self, groups: Sequence[Sequence[Move]]) -> list[bool]:
        """Writes each group as a whole, with the locks of the external ids that change hands, or nothing of it."""
        ...


@dataclass(frozen=True, slots=True)
class ActionPorts:
    """What these actions touch."""

    enrollments: Enrollments
    changes: EnrollmentChanges
    sequences: Sequences
    lanes: LaneWaker


def pause_enrollment(ports: ActionPorts, *, tenant: int, key: EnrollmentKey, now: int) -> Enrollment:
    """Holds an active enrollment, or one in doubt about a call, until somebody resumes it; no claim that follows sends.

    A mail that a worker has claimed before still leaves. Raises NotFound, EnrollmentNotActive.
    """

    def told(seen: Enrollment) -> Enrollment:
        if seen.state is EnrollmentState.PAUSED and seen.paused_at == now:
            return seen  # this very call's: the acknowledgement got lost
        if not _may_be_paused(seen):
            raise _not_active(seen)
        return paused(seen, PAUSED_BY_A_USER, now)

    return _change(ports, tenant, key, told)


def resume_enrollment(ports: ActionPorts, *, tenant: int, key: EnrollmentKey, now: int) -> Enrollment:
    """Lets a paused enrollment go on from where it stands; returns it as it then is: active, or over meanwhile.

    Raises NotFound, EnrollmentNotPaused, CannotBeMailed if its sender is gone, and BeingSent while a mail of it is
    still under way.
    """
    sequence = get_sequence(ports.sequences, tenant=tenant, number=key.sequence)

    def told(seen: Enrollment) -> Enrollment:
        is_paused_in_line = seen.state is EnrollmentState.WAITING and seen.paused_at is not None
        if seen.state is not EnrollmentState.PAUSED and not is_paused_in_line:
            raise EnrollmentNotPaused("Only a paused enrollment can be resumed.", state=seen.state.value)
        _check_free(seen)
        after = resumed(seen, sequence)
        if after.state is EnrollmentState.ACTIVE and not wake_senders(
            ports.lanes, ports.sequences, after, sequence, now
        ):
            raise CannotBeMailed("The sender that it is bound to has been deleted.")
        return after

    return _change(ports, tenant, key, told)


def finish_enrollment(ports: ActionPorts, *, tenant: int, key: EnrollmentKey, now: int) -> Enrollment:
    """Ends an enrollment that is active, waits to be let in or for its call group, or is in doubt about a call.

    Raises NotFound, EnrollmentNotActive.
    """

    def told(seen: Enrollment) -> Enrollment:
        if seen.state is EnrollmentState.FINISHED and seen.finished_at == now:
            return seen
        if seen.state is EnrollmentState.PAUSED or not may_go_on(seen):
            raise _not_active(seen)
        return finished(seen, now)

    return _change(ports, tenant, key, told)


def remove_enrollment(ports: ActionPorts, *, tenant: int, key: EnrollmentKey) -> None:
    """Takes an enrollment away, whatever its state. Raises NotFound, and BeingSent while a mail is under way."""

    def told(seen: Enrollment) -> Enrollment:
        _check_free(seen)
        return deleted(seen)

    _change(ports, tenant, key, told)


def pause_all(ports: ActionPorts, *, tenant: int, contacts: Sequence[int], now: int) -> list[Outcome]:
    """Pauses what is active of these contacts in every sequence, or in doubt about a call; none of it is no failure.

    Who waits for another of its call group goes on waiting, and is paused when its turn comes.
    """

    def told(seen: Enrollment) -> Enrollment | None:
        if seen.state is EnrollmentState.WAITING:
            return paused_in_line(seen, PAUSED_BY_A_USER, now) if seen.paused_at is None else None
        return paused(seen, PAUSED_BY_A_USER, now) if _may_be_paused(seen) else None

    return _change_all(ports, tenant, contacts, told)


def finish_all(ports: ActionPorts, *, tenant: int, contacts: Sequence[int], now: int) -> list[Outcome]:
    """Finishes what of these contacts may still go on in every sequence; to have nothing of the kind is no failure."""
    return _change_all(ports, tenant, contacts, lambda seen: finished(seen, now) if may_go_on(seen) else None)


def _change(
    ports: ActionPorts, tenant: int, key: EnrollmentKey, told: Callable[[Enrollment], Enrollment]
) -> Enrollment:
    for _ in range(_TRIES):
        seen = get_enrollment(ports.enrollments, tenant=tenant, key=key)
        after = told(seen)
        if after == seen or ports.changes.change([Move(seen, after)])[0]:
            return after
    raise StoreBusy(_BUSY)


def _change_all(
    ports: ActionPorts, tenant: int, contacts: Sequence[int], told: Callable[[Enrollment], Enrollment | None]
) -> list[Outcome]:
    change_each(ports.enrollments, ports.changes, ports.enrollments.of_contacts(tenant, contacts), told)
    return [DONE] * len(contacts)


def change_each(
    enrollments: Enrollments,
    changes: EnrollmentChanges,
    found: Collection[Enrollment],
    told: Callable[[Enrollment], Enrollment | None],
) -> int:
    """Makes of each of one tenant's enrollments what `told` says, or nothing where that is None; returns how many.

    One that somebody else changes meanwhile is read again and asked about anew. Raises StoreBusy.
    """
    count = 0
    for _ in range(_TRIES):
        moves = [Move(seen, after) for seen in found if (after := told(seen)) is not None]
        done = changes.change(moves) if moves else []
        count += sum(done)
        left = [move.seen for move, written in zip(moves, done, strict=True) if not written]
        if not left:
            return count
        found = enrollments.existing(left[0].tenant, [seen.key for seen in left]).values()
    raise StoreBusy(_BUSY)


def _may_be_paused(seen: Enrollment) -> bool:
    return seen.state in {EnrollmentState.ACTIVE, EnrollmentState.PARKED} and may_go_on(seen)


def _check_free(seen: Enrollment) -> None:
    if seen.owner is not None:
        raise BeingSent("A mail of this enrollment is being sent at this moment. Try again soon.")


def _not_active(seen: Enrollment) -> EnrollmentNotActive:
    return EnrollmentNotActive("The enrollment is not active.", state=seen.state.value)
