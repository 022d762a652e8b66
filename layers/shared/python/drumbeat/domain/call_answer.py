"""What the result of a call makes of an enrollment: no result comes too late to be noted, and each is noted once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drumbeat.domain.agent import GOAL_COMPLETED, Agent
from drumbeat.domain.delivery import sent
from drumbeat.domain.enrollment import STOPPABLE, Awaits, Enrollment, EnrollmentState
from drumbeat.domain.remark import fit_to_keep
from drumbeat.domain.schedule import next_open
from drumbeat.domain.times import MINUTE

if TYPE_CHECKING:
    from drumbeat.domain.call_result import CallEnded
    from drumbeat.domain.sequence import Sequence
    from drumbeat.domain.token import Asked

SUCCEEDED = "a call reached its goal"
ASKED_TO_CALL_AGAIN = "the lead asked to be called again"
_ANSWERABLE = frozenset({EnrollmentState.ACTIVE, EnrollmentState.PAUSED, EnrollmentState.PARKED})


def call_noted(found: Enrollment, request: Asked, ended: CallEnded, sequence: Sequence, now: int) -> Enrollment:
    """The enrollment after the result of the call that `request` asked for; the same one if it was noted before.

    It spends what was set aside for the first call. A success ends the enrollment, whatever else was still to come. A
    result that is still waited for, before its deadline or after, moves it on as the agent says: the person is called
    again when they asked to be, or after a while where nobody was spoken to; else the step is done. A paused one stays
    paused. Every other result changes nothing but that it is noted.
    """
    is_success = has_succeeded(ended, sequence.agent)
    first_success = now if is_success and found.succeeded_at is None else found.succeeded_at
    noted = replace(found, last_call=request.asked, hold=None, succeeded_at=first_success)
    if _is_waited_for(found, request):
        free = _closed(noted, request)
        return _over(sent(free, sequence, now)) if is_success else _moved_on(free, ended, sequence, now)
    goes_on = found.state in STOPPABLE | {EnrollmentState.PARKED}
    return _over(noted) if is_success and goes_on else noted


def has_succeeded(ended: CallEnded, agent: Agent | None) -> bool:
    """Whether the call has reached one of its agent's goals that count as success.

    One that lists no outcomes is taken at its word: nobody else is called about what may have been settled.
    """
    if agent is None:
        return False
    if not ended.outcomes:
        return ended.result_type == GOAL_COMPLETED
    return any(agent.is_success(outcome.name) for outcome in ended.outcomes)


def _is_waited_for(found: Enrollment, request: Asked) -> bool:
    """Whether the enrollment can still go on from this very request.

    One that the dialler seemed to refuse is not waited for, but will be made again with the same number: a dialler that
    has called all the same must not call twice.
    """
    same_step = (found.step, found.epoch) == (request.step, request.epoch)
    if found.state not in _ANSWERABLE or not same_step:
        return False
    if found.awaits is None:
        return request.asked == found.asked + 1
    return found.awaits is Awaits.STEP and request.asked == found.asked


def _closed(noted: Enrollment, request: Asked) -> Enrollment:
    """Without its request, and without the claim of whoever made it or looks after its deadline."""
    state = EnrollmentState.ACTIVE if noted.state is EnrollmentState.PARKED else noted.state
    free = replace(noted, state=state, asked=request.asked, awaits=None, owner=None, lease=None)
    return replace(free, parked_reason=None, put_off_since=None, anytime=False)


def _moved_on(free: Enrollment, ended: CallEnded, sequence: Sequence, now: int) -> Enrollment:
    if ended.rescheduled_at is not None and ended.rescheduled_at > now:
        return _called_again(free, sequence, ended.rescheduled_at, ASKED_TO_CALL_AGAIN)
    rule = None if sequence.agent is None else sequence.agent.retries.get(ended.result_type)
    if rule is None or free.attempts >= rule.times:
        return sent(free, sequence, now)
    again = replace(free, attempts=free.attempts + 1)
    return _called_again(again, sequence, now + rule.minutes * MINUTE, f"the last call ended so: {ended.result_type}")


def _called_again(free: Enrollment, sequence: Sequence, instant: int, why: str) -> Enrollment:
    """Due for the same step, when the hours next allow it."""
    due = next_open(instant, sequence.hours, free.zone)
    return replace(free, due=due, timed=free.step == 0, remark=fit_to_keep(why))


def _over(enrollment: Enrollment) -> Enrollment:
    state = EnrollmentState.FINISHED
    return replace(enrollment, state=state, exit_reason=SUCCEEDED, paused_at=None, paused_reason=None)
