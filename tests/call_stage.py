"""An agent on a stage: somebody to call on the way through steps, the tenant's dialler, and results of calls."""

from collections.abc import Sequence
from typing import Any

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.adapters.dynamodb.callees import callee_item
from drumbeat.application.call_results import take_call_result
from drumbeat.domain.agent import BUSY, Agent, CallRetry, Goal
from drumbeat.domain.call_result import CallEnded, CallOutcome
from drumbeat.domain.callee import Callee
from drumbeat.domain.enrollment import NO_LEAD
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Step, StepKind
from drumbeat.domain.token import Asked, connector_token
from tests.cadence_stage import APP, open_cadence, put
from tests.stage import SEQUENCE, TENANT, Stage

CALL = Step(1, "", "", 0, kind=StepKind.CALL)
PRICE, HELD = 2, 3
AGENT = Agent(
    ("America/New_York",),
    goals=(Goal("Meeting booked", "A meeting is in the calendar.", successful=True),),
    retries={BUSY: CallRetry(1, 30)},
    credits_per_call=PRICE,
)
ADA = Callee("Ada Byron", "+15551234567", {"account_id": "A <7>"}, "America/New_York")
WON = CallEnded("Goal Completed", (CallOutcome("Meeting booked", "Tuesday at nine"),))
LOST = CallEnded("Goal Not Completed")
WAS_BUSY = CallEnded(BUSY, details={"summary": "engaged"})
KEY = EnrollmentKey(SEQUENCE, 1)


def open_agent(stage: Stage, steps: Sequence[Step] = (CALL,), *, bound_to: int = APP, **fields: Any) -> None:
    """An active agent that calls Ada next: credits are set aside for the first call."""
    open_cadence(stage, steps, bound_to=bound_to, agent=AGENT, **fields)
    bootstrap.table().put(callee_item(TENANT, KEY, ADA))
    put(stage, has_callee=True, hold=HELD, zone=ADA.zone, lead=NO_LEAD)


def token(stage: Stage) -> str:
    """What the dialler was given with the last request."""
    seen = stage.enrollment()
    return connector_token(bootstrap.token_keys(), Asked(TENANT, KEY, seen.step, seen.epoch, seen.asked))


def tell(stage: Stage, ended: CallEnded, about: str | None = None) -> bool:
    """The dialler tells how the call ended that it was asked for."""
    return take_call_result(bootstrap_calls.call_result_ports(), about or token(stage), ended, now=stage.now)
