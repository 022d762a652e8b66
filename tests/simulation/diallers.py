"""Tenants' diallers, each call ending in a manner of its own: at once, late, twice, never; reached, busy, put off."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from random import Random

from drumbeat.application.call_results import CallResultPorts, take_call_result
from drumbeat.application.check_request import CheckPorts, check_request
from drumbeat.application.connector_answers import AnswerPorts, take_answer
from drumbeat.application.send_ports import StepRequest
from drumbeat.domain.agent import BUSY, NO_ANSWER, VOICEMAIL
from drumbeat.domain.call_result import CallEnded, CallOutcome
from drumbeat.domain.connector_answer import LeadReplied, StepFailed
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.errors import DomainError, LateAnswer, NotFound, StoreBusy
from drumbeat.domain.request_state import RequestState
from drumbeat.domain.times import HOUR, MINUTE, SECOND
from drumbeat.domain.token import Asked, connector_token
from tests.memory.values import Item
from tests.simulation.apps import Apps, Do
from tests.simulation.call_requests import GOAL, CallRequests
from tests.simulation.faults import Faults
from tests.simulation.requests import Request, who_of
from tests.simulation.scheduler import Scheduler
from tests.simulation.stand_ins import KEYS

NO_GOAL = "Goal Not Completed"
BOOKED, NOT_NOW = "Meeting booked", "Not interested"
"""What agents look for, and what they do not."""


class When(StrEnum):
    """When a dialler tells what a call came to."""

    AT_ONCE = "at once"  # before it says that it heard
    SOON = "soon"
    TWICE = "twice"
    OTHERWISE = "otherwise"  # twice, and the second time something else
    AT_THE_DEADLINE = "at the deadline"
    LATE = "late"
    VERY_LATE = "very late"  # when others of the group have been called meanwhile
    NEVER = "never"


class What(StrEnum):
    """What a call comes to."""

    REACHED = "reached"
    NOT_REACHED = "not reached"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no answer"
    PUT_OFF = "put off"
    PUT_OFF_BEFORE = "put off to an instant that is over"
    NOT_NOW = "not now"
    CANNOT = "cannot"
    REPLIED = "replied"  # on another channel, which the dialler happens to know


@dataclass(frozen=True, slots=True)
class Manner:
    """How one call ends."""

    when: When = When.SOON
    what: What = What.REACHED


_TYPES = {What.BUSY: BUSY, What.VOICEMAIL: VOICEMAIL, What.NO_ANSWER: NO_ANSWER, What.REACHED: GOAL}


class Diallers(Apps):
    """All tenants' diallers. They ask right before they dial whether the request is still open."""

    def __init__(
        self,
        scheduler: Scheduler,
        faults: Faults,
        requests: CallRequests,
        ports: AnswerPorts,
        results: CallResultPorts,
        checks: CheckPorts,
        do: Do,
        find: Callable[[Enrollment], Item | None],
        manner: Callable[[], Manner],
        rng: Random,
    ) -> None:
        super().__init__(scheduler, faults, requests, ports, do, find, manner, rng)  # type: ignore[arg-type]
        self._calls, self._results, self._checks = requests, results, checks

    def _hears(self, request: StepRequest, made: Request) -> None:
        now, rng, deadline, manner = self._scheduler.now, self._rng, made.deadline, self._manner()
        soon = now + rng.randrange(1, 40 * SECOND)
        if manner.when is not When.AT_ONCE and rng.random() < 0.5:
            self._do(now + rng.randrange(soon - now), partial(self._looks, request.enrollment))
        match manner.when:
            case When.AT_ONCE:
                self._tell(now, request, manner.what)
            case When.SOON:
                self._tell(soon, request, manner.what)
            case When.TWICE:
                self._tell(soon, request, manner.what)
                self._tell(soon + rng.randrange(2 * SECOND), request, manner.what)
            case When.OTHERWISE:
                self._tell(soon, request, manner.what)
                self._tell(soon + rng.randrange(2 * MINUTE), request, rng.choice(list(_TYPES)))
            case When.AT_THE_DEADLINE:
                self._tell(deadline + rng.randrange(-10 * SECOND, 90 * SECOND), request, manner.what)
            case When.LATE:
                self._tell(deadline + rng.randrange(2 * MINUTE, HOUR), request, manner.what)
            case When.VERY_LATE:
                self._tell(deadline + rng.randrange(HOUR, 60 * HOUR), request, manner.what)

    def _looks(self, enrollment: Enrollment, now: int) -> None:
        """Right before it dials it asks whether it still shall; what it is told is told on to who watches."""
        begun = self._calls.now()
        try:
            state = check_request(self._checks, _token(enrollment), now=now)
        except NotFound:
            return
        if state is RequestState.OPEN:
            self._calls.dials(who_of(enrollment), begun)

    def _tell(self, at: int, request: StepRequest, what: What) -> None:
        match what:
            case What.NOT_NOW:
                self._do(at, partial(self._answers, request.enrollment, StepFailed("busy", retry=True)))
            case What.CANNOT:
                self._do(at, partial(self._answers, request.enrollment, StepFailed("no such number", retry=False)))
            case What.REPLIED:
                self._do(at, partial(self._answers, request.enrollment, LeadReplied()))
            case _:
                self._do(at, partial(self._ends, request.enrollment, ended(what, at)))

    def _ends(self, enrollment: Enrollment, call: CallEnded, now: int) -> None:
        """A result is told until it is taken: none is ever refused."""
        token = _token(enrollment)
        try:
            changed = take_call_result(self._results, token, call, now=now)
        except StoreBusy:
            self._do(self._scheduler.now + 30 * SECOND, partial(self._ends, enrollment, call))
        except DomainError as refusal:
            if not isinstance(refusal, NotFound):
                raise RuntimeError("a result was refused") from refusal
            self._calls.refused(enrollment, refusal)
        else:
            self._calls.told(enrollment, changed=changed)

    def _answers(self, enrollment: Enrollment, answer: StepFailed | LeadReplied, now: int) -> None:
        try:
            take_answer(self._ports, _token(enrollment), answer, now=now)
        except (LateAnswer, NotFound, StoreBusy):
            return


def ended(what: What, at: int) -> CallEnded:
    """What a call that came to this is told as."""
    outcomes = (CallOutcome(BOOKED, "said so"),) if what is What.REACHED else (CallOutcome(NOT_NOW),)
    rescheduled_at = None
    if what is What.PUT_OFF:
        rescheduled_at = at + 20 * MINUTE
    elif what is What.PUT_OFF_BEFORE:
        rescheduled_at = at - MINUTE
    talked = what in {What.REACHED, What.NOT_REACHED}
    return CallEnded(_TYPES.get(what, NO_GOAL), outcomes if talked else (), rescheduled_at)


def _token(enrollment: Enrollment) -> str:
    asked = Asked(enrollment.tenant, enrollment.key, enrollment.step, enrollment.epoch, enrollment.asked)
    return connector_token(KEYS, asked)
