"""POST /drumbeat/v1/connector/{token}/failed"""

import pytest

from drumbeat.domain.delivery import FIRST_RETRY
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.times import DAY, HOUR
from tests.connecting import changed
from tests.faults import Crash, fault

LATER = {"reason": "LinkedIn is down", "retry": True}


@pytest.fixture(params=[Awaits.STEP, Awaits.DRAFT])
def asked(talk, request):
    talk.begin(request.param)
    return talk


def test_what_failed_for_good_ends_it_and_says_why(asked):
    assert changed(asked.say("fail_step"))

    found = asked.enrollment()
    assert (found.state, found.exit_reason, found.awaits) == (EnrollmentState.FAILED, "no such profile", None)


def test_what_may_be_tried_again_is_put_off(asked):
    assert changed(asked.say("fail_step", LATER))

    found = asked.enrollment()
    assert (found.state, found.awaits, found.due) == (EnrollmentState.ACTIVE, None, asked.now + FIRST_RETRY)
    assert found.remark == "LinkedIn is down"
    assert asked.awake() != []


def test_what_is_put_off_for_three_days_has_failed(asked):
    asked.change(put_off_since=asked.now - 3 * DAY)

    assert changed(asked.say("fail_step", LATER))
    assert asked.enrollment().state is EnrollmentState.FAILED


@pytest.mark.parametrize("body", [{"reason": "no such profile", "retry": False}, LATER])
def test_what_failed_twice_counts_once(asked, body):
    token = asked.token()
    asked.say("fail_step", body, token=token)
    before = asked.enrollment()
    asked.now += HOUR

    assert not changed(asked.say("fail_step", body, token=token))
    assert asked.enrollment() == before


def test_done_after_failed_is_late(talk):
    talk.begin()
    token = talk.token()
    talk.say("fail_step", LATER, token=token)

    assert talk.say("complete_step", token=token).status == 409


def test_failed_after_done_is_late(talk):
    talk.begin()
    token = talk.token()
    talk.say("complete_step", token=token)

    assert talk.say("fail_step", token=token).status == 409


def test_a_paused_one_stays_paused(asked):
    asked.change(state=EnrollmentState.PAUSED, paused_at=1)

    assert changed(asked.say("fail_step", LATER))
    assert (asked.enrollment().state, asked.enrollment().awaits) == (EnrollmentState.PAUSED, None)


def test_after_the_deadline_it_is_late(asked):
    asked.now = asked.enrollment().due + 1

    assert asked.say("fail_step").status == 409


def test_addresses_in_the_reason_are_not_kept(asked):
    asked.say("fail_step", {"reason": "jane@corp.example is unknown", "retry": False})

    assert asked.enrollment().exit_reason == "<address> is unknown"


@pytest.mark.parametrize("body", [{}, {"reason": "x"}, {"retry": None}, {"retry": "perhaps"}, {"retry": True, "x": 1}])
def test_what_is_no_answer_is_refused(asked, body):
    assert asked.say("fail_step", body).status == 422


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 6))
def test_an_answer_that_dies_is_finished_by_the_next(asked, call, after):
    token = asked.token()
    with fault(call, after=after), pytest.raises(Crash):
        asked.say("fail_step", LATER, token=token)

    asked.say("fail_step", LATER, token=token)

    found = asked.enrollment()
    assert (found.awaits, found.put_off_since) == (None, asked.now)
    assert asked.awake() != []
