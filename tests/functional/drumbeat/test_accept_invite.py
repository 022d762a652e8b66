"""POST /drumbeat/v1/connector/{token}/accepted"""

import pytest

from drumbeat.domain.delivery import LEASE
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.times import HOUR
from tests.connecting import changed
from tests.faults import Crash, fault


@pytest.fixture
def waiting(talk):
    """The invitation is out; the next step waits for its acceptance."""
    talk.begin(Awaits.ACCEPT, step=1)
    return talk


def invited(talk) -> str:
    """The token of the request to invite: of an earlier step."""
    return talk.token(step=0, asked=1)


def test_what_waited_for_the_acceptance_is_due_at_once(waiting):
    assert changed(waiting.say("accept_invite", token=invited(waiting)))

    found = waiting.enrollment()
    assert (found.accepted_at, found.awaits, found.due) == (waiting.now, None, waiting.now)
    assert waiting.awake() != []


def test_an_acceptance_before_anybody_waits_for_it_is_kept(talk):
    """Nor does it close what is asked."""
    talk.begin(Awaits.STEP, step=0)
    before = talk.enrollment()

    assert changed(talk.say("accept_invite"))
    assert talk.enrollment().accepted_at == talk.now
    assert (talk.enrollment().awaits, talk.enrollment().due) == (Awaits.STEP, before.due)
    assert talk.awake() == []


def test_a_second_acceptance_is_no_news(waiting):
    waiting.say("accept_invite")
    before = waiting.enrollment()
    waiting.now += HOUR

    assert not changed(waiting.say("accept_invite"))
    assert waiting.enrollment() == before


def test_a_worker_that_only_looks_whether_it_is_accepted_is_overtaken(waiting):
    waiting.change(owner="worker", lease=waiting.now + LEASE)

    assert changed(waiting.say("accept_invite"))
    assert (waiting.enrollment().owner, waiting.enrollment().awaits) == (None, None)


def test_a_worker_that_sends_keeps_its_claim(talk):
    talk.begin(step=2)
    talk.change(awaits=None, owner="worker", lease=talk.now + LEASE)

    assert changed(talk.say("accept_invite"))
    assert (talk.enrollment().owner, talk.enrollment().accepted_at) == ("worker", talk.now)


@pytest.mark.parametrize("state", ["finished", "replied", "bounced", "unsubscribed", "removed", "failed"])
def test_for_one_that_is_over_it_is_late(waiting, state):
    waiting.change(state=EnrollmentState(state))

    assert waiting.say("accept_invite").status == 409


def test_a_paused_one_stays_paused(waiting):
    waiting.change(state=EnrollmentState.PAUSED, paused_at=1)

    assert changed(waiting.say("accept_invite"))
    assert (waiting.enrollment().state, waiting.enrollment().awaits) == (EnrollmentState.PAUSED, None)


def test_a_forged_one_finds_nothing(waiting):
    assert waiting.say("accept_invite", token="A" * 66).status == 404
    assert waiting.enrollment().accepted_at is None


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 6))
def test_an_answer_that_dies_is_finished_by_the_next(waiting, call, after):
    with fault(call, after=after), pytest.raises(Crash):
        waiting.say("accept_invite")

    waiting.say("accept_invite")

    found = waiting.enrollment()
    assert (found.accepted_at, found.awaits) == (waiting.now, None)
    assert waiting.awake() != []
