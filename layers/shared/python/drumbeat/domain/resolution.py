"""What a parked enrollment becomes once somebody has found out about its mail, and who sends what comes next."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.domain.delivery import bounced, failed, sent
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.schedule import next_open

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence

NOT_ACCEPTED = "not accepted (resolved by hand)"


class Decision(StrEnum):
    """What somebody says about a mail whose fate was unknown."""

    ACCEPTED = "accepted"  # it has left
    NOT_ACCEPTED = "not_accepted"  # it has not, and shall not
    RESEND = "resend"  # send it, again or not


def resolved(parked: Enrollment, decision: Decision, sequence: Sequence, now: int) -> Enrollment:
    """The parked enrollment after the decision.

    An accepted mail counts from the instant of parking, but nothing becomes due in the past, or while the sequence may
    not send. A mail to be sent again is due now under a new epoch, so whatever was under way for the old one means
    nothing. It is the same with a step that the tenant's app was asked to do, but one that it has not done has failed.
    """
    free = replace(parked, state=EnrollmentState.ACTIVE, attempts=0, put_off_since=None, parked_reason=None)
    match decision:
        case Decision.ACCEPTED:
            ahead = sent(free, sequence, now if parked.parked_at is None else parked.parked_at)
            if ahead.state is not EnrollmentState.ACTIVE:
                return ahead
            return replace(ahead, due=next_open(max(ahead.due, now), sequence.hours, ahead.zone))
        case Decision.NOT_ACCEPTED if parked.awaits is not None:
            return failed(free, NOT_ACCEPTED)
        case Decision.NOT_ACCEPTED:
            return bounced(free, NOT_ACCEPTED, now)
        case Decision.RESEND:
            return replace(free, due=now, epoch=parked.epoch + 1, awaits=None)


def senders_for(enrollment: Enrollment, sequence: Sequence) -> tuple[int, ...]:
    """Who may send the next step: whoever it is bound to; else the sender of the first one, or any in rotation."""
    if enrollment.bound:
        return () if enrollment.sender is None else (enrollment.sender,)
    bound = enrollment.sender
    return (bound,) if bound is not None and enrollment.step > 0 and bound in sequence.senders else sequence.senders
