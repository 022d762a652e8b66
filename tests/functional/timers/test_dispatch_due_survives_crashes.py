"""The process dies at any AWS call of a tick: everything is still sent, and nothing twice."""

import pytest

from drumbeat.domain.enrollment import EnrollmentState
from tests.faults import Crash, fault
from tests.scripted_smtp import ScriptedServer
from tests.stage import mails_by_id

CALLS = 12


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_a_tick_that_dies_is_made_good(stage, call, after):
    with ScriptedServer() as server, ScriptedServer() as other:
        stage.open([server, other], contacts=4)
        with fault(call, after=after) as injected, pytest.raises(Crash):
            stage.tick()
        assert injected.dead

        stage.run(minutes=20, copies=2)

    assert sorted(mails_by_id(server, other).values()) == [1] * 8
    assert {stage.enrollment(contact).state for contact in range(1, 5)} == {EnrollmentState.FINISHED}


def test_these_are_all_calls_of_a_tick(stage):
    with ScriptedServer() as server, ScriptedServer() as other, fault(0, after=False) as counted:
        stage.open([server, other], contacts=4)
        counted.calls.clear()
        stage.tick()

    assert len(counted.calls) == CALLS, counted.calls
