"""Canceling by a variable: everything accepted up to an instant with this variable and this value is called no more."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from drumbeat.domain.digest import digest
from drumbeat.domain.enrollment import STOPPABLE, Enrollment, EnrollmentState
from drumbeat.domain.fit_text import comparable
from drumbeat.domain.lifecycle import finished

CANCELABLE = STOPPABLE | {EnrollmentState.PARKED}
"""What a cancellation ends: everything that is not over."""


class Cancellation(NamedTuple):
    """Since when what was accepted before is canceled, and why: in the words of who did it, or nothing."""

    at: int
    reason: str | None

    def concerns(self, accepted_at: int) -> bool:
        """Whether what was accepted at this instant is canceled; at the same instant it is: nobody is called then."""
        return accepted_at <= self.at


def variable_digest(name: str, value: str) -> str:
    """What stands for a variable with a value; of two different pairs never the same.

    White space at the ends makes no difference, nor does the way in which an accent is encoded.
    """
    key, text = comparable(name), comparable(value)
    return digest(f"{len(key)}:{key}{text}")


def digests_of(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """What stands for the variables of these callees, each pair once."""
    return list(dict.fromkeys(variable_digest(*pair) for row in rows for pair in row.items()))


def exit_reason_of(cancellation: Cancellation) -> str:
    """Why a canceled enrollment ended."""
    return f"cancelled: {cancellation.reason}" if cancellation.reason else "cancelled"


def canceled(enrollment: Enrollment, cancellation: Cancellation, now: int) -> Enrollment:
    """The enrollment ended by a cancellation; a call under way goes on, and its result is noted."""
    return replace(finished(enrollment, now), exit_reason=exit_reason_of(cancellation))
