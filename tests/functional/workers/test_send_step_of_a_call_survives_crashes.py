"""The process dies at any AWS call of asking for a call: nobody is called twice, and nobody is forgotten."""

import pytest

from drumbeat.domain.enrollment import EnrollmentState
from tests.cadence_stage import put
from tests.call_stage import LOST, open_agent, tell
from tests.faults import fault
from tests.functional.workers.dying import check_parked_in_time, dies_and_is_done_again
from tests.scripted_web import ScriptedWebServer

pytestmark = pytest.mark.usefixtures("known_token_keys")
ANNOUNCEMENT, CALLS = 5, 8


def test_these_are_all_calls_of_a_request(stage):
    with ScriptedWebServer() as dialler:
        open_agent(stage, app_url=dialler.url())
        messages = stage.hinted()
        with fault(0, after=False) as counted:
            stage.work(messages)

    claim = announcement = settlement = "BatchExecuteStatement"
    scene, further, canceled, stops = ["BatchGetItem"] * 4
    assert counted.calls == [claim, scene, further, canceled, announcement, stops, "Decrypt", settlement]
    assert len(counted.calls) == CALLS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_whoever_dies_the_call_is_made_once_and_told_or_waits_for_a_decision(stage, call, after):
    with ScriptedWebServer() as dialler:
        open_agent(stage, app_url=dialler.url())
        put(stage, anytime=True)
        dies_and_is_done_again(stage, call, after=after)
        assert stage.enrollment().owner is None
        assert len(dialler.asked) <= 1
        if dialler.asked:
            assert tell(stage, LOST)
            assert stage.enrollment().state is EnrollmentState.FINISHED
            return
        check_parked_in_time(stage, announced=call > ANNOUNCEMENT or (call == ANNOUNCEMENT and after))
        assert dialler.asked == []
