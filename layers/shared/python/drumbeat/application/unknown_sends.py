"""Mails that may or may not have left: seeing them, and deciding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.sequences import get_sequence, wake_senders
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import CannotBeMailed, NotFound, NotParked
from drumbeat.domain.resolution import Decision, resolved

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, LaneWaker, Sequences
    from drumbeat.domain.ids import EnrollmentKey


class Parked(Protocol):
    """Keeps what waits for a decision; a decision is written once."""

    def all(self, tenant: int, *, after: Enrollment | None = None) -> Iterator[Enrollment]: ...
    def resolve(self, parked: Enrollment, resolved: Enrollment) -> bool: ...


def get_enrollment(enrollments: Enrollments, *, tenant: int, key: EnrollmentKey) -> Enrollment:
    """The enrollment. Raises NotFound."""
    enrollment = enrollments.get(tenant, key)
    if enrollment is None:
        raise NotFound("enrollment")
    return enrollment


def list_unknown_sends(
    parked: Parked, enrollments: Enrollments, *, tenant: int, after: EnrollmentKey | None
) -> Iterator[Enrollment]:
    """What is parked, longest first. `after` may have been decided on since it was listed. Raises NotFound for it."""
    start = None if after is None else get_enrollment(enrollments, tenant=tenant, key=after)
    if start is not None and start.parked_at is None:
        raise NotFound("enrollment")
    return parked.all(tenant, after=start)


def resolve_unknown_send(
    parked: Parked,
    enrollments: Enrollments,
    sequences: Sequences,
    lanes: LaneWaker,
    *,
    tenant: int,
    key: EnrollmentKey,
    decision: Decision,
    now: int,
) -> Enrollment:
    """Decides on a mail whose fate is unknown; returns the enrollment as it then is. Nothing is sent here.

    Whoever decides first has decided. Raises NotFound, NotParked, and CannotBeMailed if more would have to be sent by a
    sender that is gone.
    """
    found = get_enrollment(enrollments, tenant=tenant, key=key)
    if found.state is not EnrollmentState.PARKED:
        raise _decided(found)
    sequence = get_sequence(sequences, tenant=tenant, number=key.sequence)
    after = resolved(found, decision, sequence, now)
    if after.state is EnrollmentState.ACTIVE and not wake_senders(lanes, sequences, after, sequence, now):
        raise CannotBeMailed("The sender that it is bound to has been deleted.")
    if not parked.resolve(found, after):
        raise _decided(get_enrollment(enrollments, tenant=tenant, key=key))
    return after


def _decided(enrollment: Enrollment) -> NotParked:
    return NotParked("Nothing is to be decided here, or somebody has.", state=enrollment.state.value)
