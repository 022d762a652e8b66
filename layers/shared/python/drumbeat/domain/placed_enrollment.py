"""An enrollment together with what it is of: what a caller sees as a thing of its own."""

from dataclasses import dataclass

from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.ids import NUMBERED_CONTACT_BITS, NUMBERED_RUN_BITS, EnrollmentKey
from drumbeat.domain.sequence import Sequence, step_number

_CONTACT_MASK = (1 << NUMBERED_CONTACT_BITS) - 1
_RUN_MASK = (1 << NUMBERED_RUN_BITS) - 1


@dataclass(frozen=True, slots=True)
class PlacedEnrollment:
    """An enrollment with its sequence and its contact; None for what was deleted."""

    enrollment: Enrollment
    sequence: Sequence | None
    contact: Contact | None

    @property
    def next_step(self) -> int | None:
        """The number of the step it waits for, None where there is none."""
        step = self.enrollment.step
        if self.sequence is None or step >= len(self.sequence.steps):
            return None
        return step_number(self.sequence.number, step)


def place_number(key: EnrollmentKey) -> int:
    """Where the enrollment stands among all: by sequence, then by contact, then by run."""
    return (key.sequence << NUMBERED_CONTACT_BITS | key.contact) << NUMBERED_RUN_BITS | key.run


def key_at(place: int) -> EnrollmentKey:
    """The key whose place this is."""
    contact = place >> NUMBERED_RUN_BITS & _CONTACT_MASK
    return EnrollmentKey(place >> NUMBERED_RUN_BITS + NUMBERED_CONTACT_BITS, contact, place & _RUN_MASK)
