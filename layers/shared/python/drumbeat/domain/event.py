"""Events: what happened to an enrollment that its tenant's own systems want to hear of."""

from dataclasses import dataclass
from enum import StrEnum

from drumbeat.domain.digest import digest
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.ids import EnrollmentKey

_ID_LENGTH = 32


class EventKind(StrEnum):
    """What can happen. The values are part of every event's id: never rename."""

    STEP_FIRED = "step_fired"  # a mail was accepted, or the tenant's app did the step
    REPLIED = "replied"
    COMPLETED = "completed"  # no step was left
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    FAILED = "failed"  # the tenant's app could not do a step, for good
    CALL_ENDED = "call_ended"  # the dialler said what a call came to


@dataclass(frozen=True, slots=True)
class EnrollmentChange:
    """One committed write to an enrollment: as it was, as it became, and when, to the second."""

    old: Enrollment
    new: Enrollment
    at: int


@dataclass(frozen=True, slots=True)
class EnrollmentEnd:
    """An enrollment that is over as a committed write left it; if it `is_gone`, as it was before its item went."""

    enrollment: Enrollment
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `enrollment` is as the fact left it, `at` is when it happened.

    `step` is the index of the step that fired, `call` the number of the call that ended; `mark` tells the event from
    others of its kind about the enrollment.
    """

    kind: EventKind
    enrollment: Enrollment
    at: int
    mark: str = ""
    step: int | None = None
    reason: str | None = None
    call: int | None = None

    @property
    def tenant(self) -> int:
        """Whose it is."""
        return self.enrollment.tenant

    @property
    def key(self) -> EnrollmentKey:
        """The enrollment that it is about."""
        return self.enrollment.key

    @property
    def id(self) -> str:
        """The same whenever the fact is told, and no other fact's; it says nothing about tenant or contact.

        What made the enrollment is part of it: one that was taken away and made again under its key is another.
        """
        key, made_by = self.key, self.enrollment.batch_tag
        parts = (self.tenant, key.sequence, key.contact, key.run, made_by, self.kind.value, self.mark)
        return f"evt_{digest('/'.join(map(str, parts)))[:_ID_LENGTH]}"
