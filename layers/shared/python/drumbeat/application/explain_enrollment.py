"""Why an enrollment's next mail has not left yet, and when it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.unknown_sends import get_enrollment
from drumbeat.domain.errors import NotFound
from drumbeat.domain.explanation import MOST_COUNTED, Explanation, Facts, explain, is_up

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.lane import Lane
    from drumbeat.domain.sequence import Sender, Sequence


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an enrollment depends on. `senders` are those that may send its next step.

    `lanes` are theirs, and all of the sequence's if it has a daily cap.
    """

    sequence: Sequence | None
    contact: Contact | None
    suppressed: bool
    senders: tuple[Sender, ...]
    lanes: Mapping[int, Lane]


class Circumstances(Protocol):
    """Looks around; changes nothing."""

    def around(self, enrollment: Enrollment) -> Surroundings: ...
    def in_front(self, enrollment: Enrollment, most: int) -> int: ...


def explain_enrollment(
    enrollments: Enrollments, circumstances: Circumstances, *, tenant: int, key: EnrollmentKey, now: int
) -> Explanation:
    """Why its next mail has not left yet. Raises NotFound."""
    enrollment = get_enrollment(enrollments, tenant=tenant, key=key)
    around = circumstances.around(enrollment)
    if around.sequence is None:
        raise NotFound("sequence")
    counted = circumstances.in_front(enrollment, MOST_COUNTED + 1) if is_up(enrollment, now) else 0
    return explain(
        Facts(
            enrollment=enrollment,
            sequence=around.sequence,
            contact=around.contact,
            suppressed=around.suppressed,
            now=now,
            senders=around.senders,
            lanes=around.lanes,
            in_front=counted,
        )
    )
