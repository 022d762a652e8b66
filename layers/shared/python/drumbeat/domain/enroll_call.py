"""An enrol call over an import: what it has done so far, and why rows were skipped."""

from dataclasses import dataclass
from enum import StrEnum


class SkipKind(StrEnum):
    """Why a contact was not enrolled. ENROLLED_BEFORE: an earlier call over the same import did; it keeps its place."""

    MX_INVALID = "mx_invalid"
    TAKEN_BY_SIBLING = "taken_by_sibling"
    ALREADY_ENROLLED = "already_enrolled"
    ENROLLED_BEFORE = "enrolled_before"
    UNSUBSCRIBED = "unsubscribed"
    NO_EMAIL = "no_email"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """What is kept of a contact that was not enrolled."""

    contact: int
    kind: SkipKind
    at: int


@dataclass(frozen=True, slots=True)
class Skip:
    """One contact that was not enrolled, as a call or a list tells it."""

    contact: int
    email: str | None
    kind: SkipKind
    at: int


@dataclass(frozen=True, slots=True)
class EnrollCall:
    """How far the enrolling of an import is. `after` is the last contact number dealt with; `last` ends the import.

    `tag` marks the enrollments it makes. `placed` counts the rows that have a place in batches of `batch_size`,
    those of earlier calls over the same import included. `number` is its batch's, if it becomes one.
    """

    tenant: int
    number: int
    tag: str
    sequence: int
    contact_import: int
    batch_size: int
    created_at: int
    after: int
    last: int
    enrolled: int = 0
    placed: int = 0
    skipped: int = 0

    @property
    def batches(self) -> int:
        """How many batches of `batch_size` the enrolled rows fill."""
        return -(-self.enrolled // self.batch_size)
