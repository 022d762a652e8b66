"""POST /drumbeat/v1/connector/{token}/draft"""

from dataclasses import replace

import pytest

from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.times import HOUR
from tests.connecting import CADENCE, DRAFTED, INVITE, LAST, MAILBOX, changed
from tests.faults import Crash, fault


@pytest.fixture
def asked(talk):
    talk.begin(Awaits.DRAFT)
    return talk


def test_a_draft_is_kept_and_its_mail_is_due_at_once(asked):
    assert changed(asked.say("deliver_draft"))

    found = asked.enrollment()
    assert (found.awaits, found.drafted, found.due, found.step) == (None, 1, asked.now, 1)
    assert asked.draft() == Draft("Hi Jane", "You")


def test_the_lane_is_awake_then(asked):
    asked.say("deliver_draft")

    assert asked.awake() == [MAILBOX]


def test_without_a_subject_the_step_s_holds(asked):
    assert changed(asked.say("deliver_draft", {"text": "Hi"}))
    assert asked.draft() == Draft("Hi", None)


def test_a_draft_that_comes_twice_is_taken_once(asked):
    token = asked.token()
    asked.say("deliver_draft", token=token)
    asked.now += HOUR

    assert not changed(asked.say("deliver_draft", {"text": "another"}, token=token))
    assert asked.draft() == Draft("Hi Jane", "You")


def test_a_late_draft_never_replaces_the_text_of_one_that_was_taken(asked):
    overtaken = asked.token(asked=2)
    asked.say("deliver_draft")

    late = asked.say("deliver_draft", {"text": "old"}, token=overtaken)

    assert (late.status, late.body["code"]) == (409, "late")
    assert asked.draft() == Draft("Hi Jane", "You")


@pytest.mark.parametrize("fields", [{"step": 0}, {"epoch": 4}, {"asked": 4}, {"awaits": Awaits.STEP}, {"awaits": None}])
def test_a_draft_that_nobody_waits_for_is_late(asked, fields):
    token = asked.token()
    asked.change(**fields)

    assert asked.say("deliver_draft", token=token).status == 409
    assert asked.draft() is None


def test_after_the_deadline_it_is_late(asked):
    asked.now = asked.enrollment().due
    assert changed(asked.say("deliver_draft"))
    asked.change(awaits=Awaits.DRAFT, asked=4, drafted=None)
    asked.now += 1

    assert asked.say("deliver_draft").status == 409


def test_a_paused_one_keeps_it_and_stays_paused(asked):
    asked.change(state=EnrollmentState.PAUSED, paused_at=1)

    assert changed(asked.say("deliver_draft"))
    assert asked.enrollment().state is EnrollmentState.PAUSED
    assert asked.enrollment().drafted == 1


@pytest.mark.parametrize("state", ["finished", "replied", "bounced", "unsubscribed", "removed", "failed", "parked"])
def test_for_one_that_is_over_or_parked_it_is_late(asked, state):
    asked.change(state=EnrollmentState(state))

    assert asked.say("deliver_draft").status == 409
    assert asked.draft() is None


def test_a_mail_is_not_left_without_a_subject(talk):
    talk.begin(Awaits.DRAFT, cadence=replace(CADENCE, steps=(INVITE, replace(DRAFTED, subject=""), LAST)))

    assert talk.say("deliver_draft", {"text": "Hi"}).status == 422
    assert talk.enrollment().awaits is Awaits.DRAFT


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": " \n"}, {"text": None}, {"text": 5}, {"text": "x" * 20_001}, {"text": "a\x00b"},
        {"text": "x", "subject": "a\nb"}, {"text": "x", "subject": ""}, {"text": "x", "more": 1}, [], "x",
    ],
)  # fmt: skip
def test_what_is_no_draft_is_refused(asked, body):
    assert asked.say("deliver_draft", body).status in {400, 422}
    assert asked.enrollment().awaits is Awaits.DRAFT


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 6))
def test_a_delivery_that_dies_is_finished_by_the_next(asked, call, after):
    token = asked.token()
    with fault(call, after=after), pytest.raises(Crash):
        asked.say("deliver_draft", token=token)
    assert (asked.draft() is None) == (asked.enrollment().awaits is Awaits.DRAFT)

    asked.say("deliver_draft", token=token)

    assert asked.enrollment().drafted == 1
    assert asked.draft() == Draft("Hi Jane", "You")
    assert asked.awake() != []
