"""Who stops an enrollment that calls has stopped it, also while nobody knows what became of its last call."""

import pytest

from drumbeat import bootstrap
from drumbeat.application.enrollment_actions import finish_all, finish_enrollment, pause_all, pause_enrollment
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.step_move import NO_ANSWER
from drumbeat.domain.times import DAY
from tests.cadence_stage import MAIL, put
from tests.call_stage import CALL, KEY, WAS_BUSY, open_agent, tell
from tests.stage import START, TENANT, Stage


@pytest.fixture
def in_doubt(stage: Stage) -> Stage:
    """Ada's dialler has not told in time what became of her call; when it does, she is called again."""
    open_agent(stage, (CALL, MAIL))
    state, doubt = EnrollmentState.PARKED, {"parked_at": START, "parked_reason": NO_ANSWER}
    put(stage, state=state, awaits=Awaits.STEP, asked=1, due=START + DAY, **doubt)
    bootstrap.token_keys()  # read once per container
    return stage


@pytest.mark.parametrize("all_of_hers", [False, True])
def test_who_is_finished_while_a_call_is_in_doubt_is_not_called_again(in_doubt, all_of_hers):
    ports = bootstrap.enrollment_action_ports()
    if all_of_hers:
        finish_all(ports, tenant=TENANT, contacts=[KEY.contact], now=in_doubt.now)
    else:
        finish_enrollment(ports, tenant=TENANT, key=KEY, now=in_doubt.now)

    assert tell(in_doubt, WAS_BUSY)
    assert in_doubt.enrollment().state is EnrollmentState.FINISHED


@pytest.mark.parametrize("all_of_hers", [False, True])
def test_who_is_paused_while_a_call_is_in_doubt_is_not_called_again_until_resumed(in_doubt, all_of_hers):
    ports = bootstrap.enrollment_action_ports()
    if all_of_hers:
        pause_all(ports, tenant=TENANT, contacts=[KEY.contact], now=in_doubt.now)
    else:
        pause_enrollment(ports, tenant=TENANT, key=KEY, now=in_doubt.now)

    assert tell(in_doubt, WAS_BUSY)
    assert in_doubt.enrollment().state is EnrollmentState.PAUSED
