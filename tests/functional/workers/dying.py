"""A worker that dies while it asks somebody outside for something, and what is left of it."""

import pytest

from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.step_move import ANSWERS_WITHIN
from tests.faults import Crash, fault
from tests.stage import Stage


def dies_and_is_done_again(stage: Stage, call: int, *, after: bool) -> None:
    """The worker dies at this AWS call; what it had comes twice more, and the hints of the next minutes come too."""
    messages = stage.hinted()
    with fault(call, after=after), pytest.raises(Crash):
        stage.work(messages)
    stage.work(messages * 2)
    stage.run(minutes=10, copies=2)


def check_parked_in_time(stage: Stage, *, announced: bool) -> None:
    """Nobody answers: whoever waits comes to rest, and a request that was written down is known to be open."""
    stage.now += ANSWERS_WITHIN
    stage.run(minutes=10, copies=2)

    assert stage.enrollment().state is EnrollmentState.PARKED
    assert (stage.enrollment().awaits is Awaits.STEP) is announced
