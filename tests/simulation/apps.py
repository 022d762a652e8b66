"""Tenants' apps, each request answered in a manner of its own: at once, late, twice, never, or that it cannot."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from random import Random

from drumbeat.application.connector_answers import AnswerPorts, take_answer
from drumbeat.application.send_ports import StepRequest
from drumbeat.domain.connector_answer import Answer, LeadReplied, StepDone, StepFailed
from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import Awaits, Enrollment
from drumbeat.domain.sequence import Sender
from drumbeat.domain.times import HOUR, MINUTE, SECOND
from drumbeat.domain.token import Asked, connector_token
from drumbeat.domain.verdict import Accepted, Retry, Unknown
from tests.memory.values import Item
from tests.simulation.faults import Fault, Faults
from tests.simulation.requests import Request, Requests
from tests.simulation.scheduler import Crash, Process, Scheduler
from tests.simulation.stand_ins import KEYS
from tests.simulation.users import Act

_TIMEOUT = 5 * SECOND
_UNHEARD: Mapping[Fault, Retry] = {
    Fault.FAIL: Retry("no connection"),
    Fault.THROTTLE: Retry("429"),
    Fault.PARTIAL: Retry("500"),
}


class Manner(StrEnum):
    """How an app answers a request."""

    AT_ONCE = "at once"  # before it says that it heard
    SOON = "soon"
    TWICE = "twice"
    AT_THE_DEADLINE = "at the deadline"
    LATE = "late"
    NEVER = "never"
    NOT_NOW = "not now"
    CANNOT = "cannot"
    REPLIED = "replied"  # and the lead has answered before that


type Do = Callable[[int, Act], None]
"""Has something done at an instant, in a process of its own."""


class Apps:
    """All tenants' apps."""

    def __init__(
        self,
        scheduler: Scheduler,
        faults: Faults,
        requests: Requests,
        ports: AnswerPorts,
        do: Do,
        find: Callable[[Enrollment], Item | None],
        manner: Callable[[], Manner],
        rng: Random,
    ) -> None:
        self._scheduler, self._faults, self._requests, self._ports = scheduler, faults, requests, ports
        self._do, self._find, self._manner, self._rng = do, find, manner, rng

    def ask(self, _: Sender, request: StepRequest) -> Accepted | Retry | Unknown:
        """One request, from the connection to what the app says to it at once."""
        process = self._process()
        made = self._requests.asked(process, request, self._find(request.enrollment))
        fault = self._faults.draw("Ask")
        if fault is not None:
            process.troubled_at = self._scheduler.now
        if fault in _UNHEARD:
            self._scheduler.sleep(self._faults.delay())
            return _UNHEARD[fault]
        if fault is Fault.CRASH_BEFORE:
            process.dead = True
            raise Crash
        self._requests.heard(process, request.enrollment, made)
        self._hears(request, made)
        return self._says(fault, process)

    def _process(self) -> Process:
        process = self._scheduler.current
        if process is None:
            raise RuntimeError("apps are asked by processes")
        return process

    def _says(self, fault: Fault | None, process: Process) -> Accepted | Unknown:
        match fault:
            case None | Fault.REPEATED:
                self._scheduler.sleep(int(self._rng.random() * _TIMEOUT))
                return Accepted()
            case Fault.CRASH_AFTER:
                process.dead = True
                raise Crash
        self._scheduler.sleep(_TIMEOUT)
        return Unknown("no answer in time")

    def _hears(self, request: StepRequest, made: Request) -> None:
        now, rng, deadline = self._scheduler.now, self._rng, made.deadline
        good: Answer = StepDone() if request.enrollment.awaits is Awaits.STEP else Draft("Hi", "You")
        manner = self._manner()
        soon = now + rng.randrange(1, 40 * SECOND)
        match manner:
            case Manner.AT_ONCE:
                self._answer(now, request, good)
            case Manner.SOON:
                self._answer(soon, request, good)
            case Manner.TWICE:
                self._answer(soon, request, good)
                self._answer(soon + rng.randrange(2 * SECOND), request, good)
            case Manner.AT_THE_DEADLINE:
                self._answer(deadline + rng.randrange(-10 * SECOND, 90 * SECOND), request, good)
            case Manner.LATE:
                self._answer(deadline + rng.randrange(2 * MINUTE, HOUR), request, good)
            case Manner.NOT_NOW:
                self._answer(soon, request, StepFailed("busy", retry=True))
            case Manner.CANNOT:
                self._answer(soon, request, StepFailed("no such profile", retry=False))
            case Manner.REPLIED:
                self._answer(soon, request, LeadReplied())
                self._answer(soon + rng.randrange(2 * SECOND), request, good)

    def _answer(self, at: int, request: StepRequest, answer: Answer) -> None:
        self._do(at, partial(self._take, request.enrollment, answer))

    def _take(self, enrollment: Enrollment, answer: Answer, now: int) -> None:
        asked = Asked(enrollment.tenant, enrollment.key, enrollment.step, enrollment.epoch, enrollment.asked)
        changed = take_answer(self._ports, connector_token(KEYS, asked), answer, now=now)
        if changed and not isinstance(answer, LeadReplied):
            self._requests.told(enrollment, answer, now)
