"""Whether a tenant's app may still act on what it was asked for: facts in, a word out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState
from drumbeat.domain.schedule import next_open
from drumbeat.domain.sequence import Sequence, SequenceStatus
from drumbeat.domain.step_move import ANSWERS_WITHIN

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.token import Asked


class RequestState(StrEnum):
    """How a request stands. Only one that is `OPEN` may be acted on."""

    OPEN = "open"
    PAUSED = "paused"  # not now: somebody has paused the enrollment, or the whole sequence
    OUTSIDE_HOURS = "outside_hours"  # not now: the hours in which it was asked for have closed
    ANSWERED = "answered"  # it has been, or it was made anew
    EXPIRED = "expired"  # its deadline has passed
    OVER = "over"  # the enrollment has come to its end: cancelled, unsubscribed, finished


@dataclass(frozen=True, slots=True)
class Standing:
    """What the state of a request depends on. `contact` is whom the enrollment is about, None if that one is gone.

    One that `is_canceled` is about to be ended by somebody who has canceled many.
    """

    enrollment: Enrollment
    sequence: Sequence
    contact: Contact | None
    is_canceled: bool = False


def request_state(request: Asked, at: Standing, now: int) -> RequestState:
    """How the request stands; where several things forbid to act on it, what is more final is said."""
    found = at.enrollment
    if found.state is EnrollmentState.PARKED and _is_last(found, request):
        return RequestState.EXPIRED
    if found.state not in {EnrollmentState.ACTIVE, EnrollmentState.PAUSED} or _is_unreachable(at):
        return RequestState.OVER
    if found.awaits not in {Awaits.STEP, Awaits.DRAFT} or not _is_last(found, request):
        return RequestState.ANSWERED
    if now > found.due:
        return RequestState.EXPIRED
    if found.state is EnrollmentState.PAUSED or at.sequence.status is not SequenceStatus.ACTIVE:
        return RequestState.PAUSED
    return RequestState.OUTSIDE_HOURS if _has_closed(at, now) else RequestState.OPEN


def _is_last(found: Enrollment, request: Asked) -> bool:
    return (found.step, found.epoch, found.asked) == (request.step, request.epoch, request.asked)


def _is_unreachable(at: Standing) -> bool:
    """Whether nobody is left, or who is left wants to be left alone, or shall be."""
    if at.is_canceled:
        return True
    if at.contact is None:
        return at.enrollment.contact is not None
    return at.sequence.exit_on_unsubscribe and at.contact.unsubscribed_at is not None


def _has_closed(at: Standing, now: int) -> bool:
    """Whether the hours have closed since; what was asked for outside of them may be done at any time."""
    asked_at = at.enrollment.due - ANSWERS_WITHIN
    hours, zone = at.sequence.hours, at.enrollment.zone
    return next_open(asked_at, hours, zone) == asked_at and next_open(now, hours, zone) > now
