"""POST /drumbeat/v1/connector/{token}/replied"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.domain.delivery import LEASE
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.times import HOUR, MINUTE
from tests.connecting import CADENCE, changed
from tests.faults import Crash, fault

STAYS = replace(CADENCE, exit_on_reply=False)


@pytest.fixture
def running(talk):
    talk.begin()
    return talk


def test_a_reply_ends_it(running):
    assert changed(running.say("record_reply"))

    found = running.enrollment()
    assert (found.state, found.replied_at, found.last_reply_at) == (EnrollmentState.REPLIED, running.now, running.now)


def test_it_is_in_no_queue_any_more(running):
    running.say("record_reply")

    assert not bootstrap.enrollments().any_waiting(running.tenant, 1)


def test_whatever_request_the_token_is_of(running):
    assert changed(running.say("record_reply", token=running.token(step=9, asked=1, epoch=5)))
    assert running.enrollment().state is EnrollmentState.REPLIED


@pytest.mark.parametrize("state", ["active", "held", "paused", "parked"])
def test_everything_that_may_go_on_is_ended(running, state):
    """What is parked too: a decision would let it go on otherwise."""
    running.change(state=EnrollmentState(state), parked_at=running.now)

    assert changed(running.say("record_reply"))
    assert running.enrollment().state is EnrollmentState.REPLIED
    assert list(bootstrap.parked().all(running.tenant)) == []


def test_a_worker_that_sends_keeps_its_claim_and_settles_beside_it(running):
    running.change(awaits=None, owner="worker", lease=running.now + LEASE)

    assert changed(running.say("record_reply"))
    assert (running.enrollment().owner, running.enrollment().state) == ("worker", EnrollmentState.REPLIED)


def test_a_second_reply_is_no_news(running):
    running.say("record_reply")
    before = running.enrollment()
    running.now += HOUR

    assert not changed(running.say("record_reply"))
    assert running.enrollment() == before


@pytest.mark.parametrize("state", ["finished", "bounced", "unsubscribed", "removed", "failed"])
def test_for_one_that_is_over_it_is_late(running, state):
    running.change(state=EnrollmentState(state))

    assert running.say("record_reply").status == 409


def test_a_cadence_that_goes_on_after_replies_only_notes_it(talk):
    talk.begin(cadence=STAYS)

    assert changed(talk.say("record_reply"))
    found = talk.enrollment()
    assert (found.state, found.awaits, found.last_reply_at) == (EnrollmentState.ACTIVE, Awaits.STEP, talk.now)
    assert found.replied_at is None


def test_there_a_reply_is_news_once_after_each_step(talk):
    talk.begin(cadence=STAYS)
    talk.say("record_reply")
    talk.now += MINUTE
    assert not changed(talk.say("record_reply"))

    token = talk.token()
    talk.say("complete_step", token=token)
    talk.now += MINUTE

    assert changed(talk.say("record_reply", token=token))
    assert talk.enrollment().last_reply_at == talk.now


def test_what_waits_for_an_answer_can_still_be_answered_after_a_reply(talk):
    talk.begin(cadence=STAYS)
    talk.say("record_reply")

    assert changed(talk.say("complete_step"))


def test_a_forged_one_finds_nothing(running):
    assert running.say("record_reply", token="A" * 66).status == 404
    assert running.enrollment().state is EnrollmentState.ACTIVE


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 4))
def test_an_answer_that_dies_is_finished_by_the_next(running, call, after):
    with fault(call, after=after), pytest.raises(Crash):
        running.say("record_reply")

    running.say("record_reply")

    assert running.enrollment().state is EnrollmentState.REPLIED
