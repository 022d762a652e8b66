"""What people do with an enrollment: pause it, resume it, finish it, take it away, let it in. Facts in, state out."""

from dataclasses import replace
from typing import NamedTuple

from drumbeat.domain.enrollment import NO_LEAD, Enrollment, EnrollmentState, due_after, next_due
from drumbeat.domain.sequence import Sequence, StepKind
from drumbeat.domain.step_move import STEP_GONE

PAUSED_BY_A_USER = "paused by a user"
SENDER_GONE = "paused: its sender has been deleted"


class Move(NamedTuple):
    """An enrollment as it was seen and as it shall be."""

    seen: Enrollment
    told: Enrollment

    @property
    def moves_id(self) -> bool:
        """Whether its external id becomes another, so that locks change hands with it."""
        return self.seen.lead.external_id != self.told.lead.external_id


def paused(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """The active enrollment on hold until somebody resumes it; a mail under way settles beside it."""
    return replace(enrollment, state=EnrollmentState.PAUSED, paused_at=now, paused_reason=reason)


def paused_in_line(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """The enrollment that waits for its call group, and shall be paused once its turn comes, if it is not resumed."""
    return replace(enrollment, paused_at=now, paused_reason=reason)


def resumed(enrollment: Enrollment, sequence: Sequence) -> Enrollment:
    """The paused enrollment as if it had not been paused, once no worker holds it.

    A mail that was under way when it was paused may have bounced, left as the last one, or left nobody knows whether.
    What still waits is due as it was, but no sooner after the mail before it than its step says: a lane may still have
    it reserved, and a new due time would tell it that this is another enrollment. What awaits an answer has as long for
    it as it had.
    """
    free = replace(enrollment, paused_at=None, paused_reason=None)
    if free.state is EnrollmentState.WAITING:
        return free
    if free.bounced_at is not None:
        return replace(free, state=EnrollmentState.BOUNCED)
    if free.parked_reason is not None:
        return replace(free, state=EnrollmentState.PARKED)
    if free.step >= len(sequence.steps):
        reason = None if free.awaits is None else STEP_GONE
        return replace(free, state=EnrollmentState.FINISHED, awaits=None, exit_reason=reason)
    if free.awaits is not None:
        return replace(free, state=EnrollmentState.ACTIVE)
    return replace(free, state=EnrollmentState.ACTIVE, due=max(free.due, _delayed(free, sequence)))


def finished(enrollment: Enrollment, now: int) -> Enrollment:
    """The enrollment ended by somebody; a mail under way settles beside it."""
    return replace(enrollment, state=EnrollmentState.FINISHED, finished_at=now, paused_at=None, paused_reason=None)


def deleted(enrollment: Enrollment) -> Enrollment:
    """What is left of an enrollment that was taken away: it keeps its run, so that a later one is the next.

    Its call group and what is set aside for it stay until whoever looks after those has seen that it is gone.
    """
    return replace(
        enrollment,
        state=EnrollmentState.DELETED,
        paused_at=None,
        paused_reason=None,
        bounce_reason=None,
        thread=None,
        lead=NO_LEAD,
        relinked_to=None,
        has_context=False,
        has_callee=False,
        exit_reason=None,
        remark=None,
        channel_urn=None,
    )


def let_in(enrollment: Enrollment, sequence: Sequence, now: int) -> Enrollment:
    """The held enrollment whose turn has come: its first step is due as if it had been enrolled now."""
    due = first_due(sequence, enrollment.zone, now)
    return replace(enrollment, state=EnrollmentState.ACTIVE, due=due, timed=due > now)


def first_due(sequence: Sequence, zone: str | None, now: int) -> int:
    """When the first step of what is enrolled now may leave; a sequence without steps sends nothing anyway."""
    return next_due(now, sequence.steps[0], sequence.hours, zone) if sequence.steps else now


def _delayed(enrollment: Enrollment, sequence: Sequence) -> int:
    """When the step may leave by its delay and that of the waits before it, if it follows one and was not tried yet."""
    if enrollment.step == 0 or enrollment.last_sent_at is None or enrollment.attempts:
        return 0
    first = enrollment.step
    while first > 1 and sequence.steps[first - 1].kind is StepKind.WAIT:
        first -= 1
    minutes = sum(step.delay_minutes for step in sequence.steps[first : enrollment.step + 1])
    return due_after(enrollment.last_sent_at, minutes, sequence.hours, enrollment.zone)
