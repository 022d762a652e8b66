"""An enrollment together with what it is of: what a caller sees as a thing of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.ids import NUMBERED_CONTACT_BITS, NUMBERED_RUN_BITS, EnrollmentKey
from drumbeat.domain.sequence import Sequence, Step, step_number

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.enrollment import Enrollment

_CONTACT_MASK = (1 << NUMBERED_CONTACT_BITS) - 1
_RUN_MASK = (1 << NUMBERED_RUN_BITS) - 1


@dataclass(frozen=True, slots=True)
class PlacedEnrollment:
    """An enrollment with its sequence and its contact; None for what was deleted."""

    enrollment: Enrollment
    sequence: Sequence | None
    contact: Contact | None

    @property
    def step(self) -> Step | None:
        """The step it waits for, None where there is none."""
        steps = () if self.sequence is None else self.sequence.steps
        return steps[self.enrollment.step] if self.enrollment.step < len(steps) else None

    @property
    def next_step(self) -> int | None:
        """The number of the step it waits for, None where there is none."""
        return None if self.step is None else step_number(self.enrollment.key.sequence, self.enrollment.step)

    @property
    def is_connected(self) -> bool:
        """Whether it is bound to its sequence's connector: no mailbox sends for it."""
        connector = None if self.sequence is None else self.sequence.connector
        return connector is not None and self.enrollment.sender == connector


def place_number(key: EnrollmentKey) -> int:
    """Where the enrollment stands among all: by sequence, then by contact, then by run."""
    return (key.sequence << NUMBERED_CONTACT_BITS | key.contact) << NUMBERED_RUN_BITS | key.run


def key_at(place: int) -> EnrollmentKey:
    """The key whose place this is."""
    contact = place >> NUMBERED_RUN_BITS & _CONTACT_MASK
    return EnrollmentKey(place >> NUMBERED_RUN_BITS + NUMBERED_CONTACT_BITS, contact, place & _RUN_MASK)
