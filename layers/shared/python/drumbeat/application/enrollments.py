"""Reading enrollments back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drumbeat.application.sequences import get_sequence
from drumbeat.domain.enrollment import progress
from drumbeat.domain.placed_enrollment import PlacedEnrollment

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, Sequences
    from drumbeat.domain.ids import EnrollmentKey


def list_enrollments(
    sequences: Sequences,
    enrollments: Enrollments,
    *,
    tenant: int,
    sequence_number: int,
    status: str | None,
    batch_number: int | None,
    after: EnrollmentKey | None,
) -> Iterator[PlacedEnrollment]:
    """The sequence's enrollments by contact, those that pass the filters. Raises NotFound."""
    sequence = get_sequence(sequences, tenant=tenant, number=sequence_number)
    return (
        PlacedEnrollment(enrollment, sequence, None)
        for enrollment in enrollments.of_sequence(tenant, sequence_number, after=after)
        if status in (None, progress(enrollment).value) and batch_number in (None, enrollment.batch_number)
    )
