"""The process dies at any AWS call of a request to the tenant's app: no step is asked for twice, no draft is lost."""

import pytest

from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.step_move import ANSWERS_WITHIN
from drumbeat.domain.times import MINUTE
from tests.cadence_stage import APP, CONNECT, DRAFTED, answer, open_cadence
from tests.faults import Crash, fault
from tests.functional.workers.dying import check_parked_in_time, dies_and_is_done_again
from tests.scripted_smtp import ScriptedServer
from tests.scripted_web import ScriptedWebServer

pytestmark = pytest.mark.usefixtures("known_token_keys")
ANNOUNCEMENT, CALLS = 4, 7
DYING = [
    pytest.mark.parametrize("after", [False, True], ids=["before", "after"]),
    pytest.mark.parametrize("call", range(1, CALLS + 1)),
]


def dying(test):
    for mark in DYING:
        test = mark(test)
    return test


def test_these_are_all_calls_of_a_request(stage):
    with ScriptedWebServer() as app:
        open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)
        messages = stage.hinted()
        with fault(0, after=False) as counted:
            stage.work(messages)

    claim = announcement = settlement = "BatchExecuteStatement"
    scene, further, stops = ["BatchGetItem"] * 3
    assert counted.calls == [claim, scene, further, announcement, stops, "Decrypt", settlement]
    assert len(counted.calls) == CALLS


@dying
def test_a_step_is_asked_for_once_and_then_answered_or_parked(stage, call, after):
    with ScriptedWebServer() as app:
        open_cadence(stage, (CONNECT,), app_url=app.url(), bound_to=APP)
        dies_and_is_done_again(stage, call, after=after)
        found = stage.enrollment()
        assert found.owner is None
        assert len(app.asked) <= 1
        if app.asked:
            assert answer(app.asked[0], "done").body == {"changed": True}
            assert stage.enrollment().state is EnrollmentState.FINISHED
            return
        check_parked_in_time(stage, announced=call > ANNOUNCEMENT or (call == ANNOUNCEMENT and after))
        assert app.asked == []


@dying
def test_a_draft_that_was_asked_for_leads_to_one_mail_whoever_died(stage, call, after):
    with ScriptedWebServer() as app, ScriptedServer() as server:
        open_cadence(stage, (DRAFTED,), mail_port=server.port, app_url=app.url())
        messages = stage.hinted()
        with fault(call, after=after), pytest.raises(Crash):
            stage.work(messages)
        stage.run(minutes=10, copies=2)
        if not app.asked and stage.enrollment().awaits is Awaits.DRAFT:
            stage.now += ANSWERS_WITHIN + MINUTE
            stage.run(minutes=3, copies=2)
        if not app.asked:  # claimed and then dead, before anything was written about it
            assert stage.enrollment().state is EnrollmentState.PARKED
            return
        assert answer(app.asked[-1], "draft", {"text": "Hi"}).body == {"changed": True}
        stage.run(minutes=10, copies=2)

        assert len(server.taken) == 1
        assert stage.enrollment().state is EnrollmentState.FINISHED
