"""What a worker does about steps that call: the dialler is asked in hours, and a call's result moves them on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.sends import AttemptStore
from drumbeat.domain.cancellation import Cancellation, variable_digest
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.schedule import Hours, Span, is_open
from drumbeat.domain.step_move import ANSWERS_WITHIN, LOOK_AGAIN, NO_APP, NO_PHONE
from drumbeat.domain.times import DAY, HOUR, MINUTE
from tests.cadence_stage import INBOX, MAIL, put, wake
from tests.call_stage import ADA, CALL, KEY, LOST, WAS_BUSY, WON, open_agent, tell, token
from tests.scripted_web import ScriptedWebServer
from tests.stage import START, TENANT, recipients

BAD = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
EVENING = Hours(((Span(18 * 60, 20 * 60),),) * 7, "UTC")
"""Open in the zone of whoever is called, 12 hours after the stage begins."""


@pytest.fixture
def dialler() -> Iterator[ScriptedWebServer]:
    """A dialler that takes every request."""
    with ScriptedWebServer() as running:
        yield running


def test_whoever_is_to_be_called_is_asked_for_once_and_the_answer_is_awaited_for_a_day(stage, dialler):
    open_agent(stage, app_url=dialler.url())

    stage.run(minutes=30, copies=2)

    waiting = stage.enrollment()
    assert len(dialler.asked) == 1
    assert (waiting.awaits, waiting.asked, waiting.last_call) == (Awaits.STEP, 1, None)
    assert START <= waiting.due - ANSWERS_WITHIN < START + 2 * MINUTE


def test_a_call_and_a_mail_that_follows_it_names_the_callee_and_their_variables(stage, server, dialler):
    mail = replace(MAIL, text=None, body_html="<p>{{first_name}} of {{account_id}}, {{ email }}</p>")
    open_agent(stage, (CALL, mail), bound_to=INBOX, mail_port=server.port, app_url=dialler.url())

    stage.run(minutes=2)
    assert tell(stage, LOST)
    stage.run(minutes=2)

    assert recipients(server) == ["p1@corp.example"]
    assert b"Subject: Hello Ada" in server.taken[0]
    assert b"Ada of A &lt;7&gt;, p1@corp.example" in server.taken[0]
    assert stage.enrollment().state is EnrollmentState.FINISHED


@pytest.mark.parametrize("anytime", [False, True])
def test_nobody_is_called_outside_the_hours_but_who_may_be_called_anytime_once(stage, dialler, anytime):
    open_agent(stage, app_url=dialler.url(), hours=EVENING)
    put(stage, anytime=anytime)

    stage.run(minutes=3)

    assert len(dialler.asked) == anytime
    if anytime:
        assert not stage.enrollment().anytime
        assert tell(stage, WAS_BUSY)
        assert is_open(stage.enrollment().due, EVENING, ADA.zone)
        stage.run(minutes=40)
        assert len(dialler.asked) == 1


def test_nobody_is_called_at_night_whose_time_outside_the_hours_is_more_than_an_hour_past(stage, dialler):
    open_agent(stage, app_url=dialler.url(), hours=EVENING)
    put(stage, anytime=True, due=START - HOUR - 1)

    stage.run(minutes=3)

    assert dialler.asked == []


def test_a_dialler_that_refuses_is_asked_again_inside_the_hours_only(stage):
    with ScriptedWebServer([BAD]) as dialler:
        open_agent(stage, app_url=dialler.url(), hours=EVENING)
        put(stage, anytime=True)

        stage.run(minutes=60)

        assert len(dialler.asked) == 1
        assert (stage.enrollment().asked, stage.enrollment().anytime) == (0, False)


def test_whoever_was_busy_is_called_again_after_a_while_and_then_left_alone(stage, dialler):
    open_agent(stage, app_url=dialler.url())

    stage.run(minutes=2)
    first = token(stage)
    assert tell(stage, WAS_BUSY)
    stage.run(minutes=29)
    assert len(dialler.asked) == 1
    stage.run(minutes=3)
    assert len(dialler.asked) == 2
    assert token(stage) != first
    assert tell(stage, WAS_BUSY)
    stage.run(minutes=60)

    ended = stage.enrollment()
    assert len(dialler.asked) == 2
    assert (ended.state, ended.last_call, ended.succeeded_at) == (EnrollmentState.FINISHED, 2, None)


def test_nobody_is_mailed_or_called_after_a_success(stage, server, dialler):
    open_agent(stage, (CALL, MAIL, CALL), bound_to=INBOX, mail_port=server.port, app_url=dialler.url())

    stage.run(minutes=2)
    assert tell(stage, WON)
    stage.run(minutes=60)

    assert (len(dialler.asked), server.taken) == (1, [])
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_a_call_that_nobody_tells_of_is_parked_and_its_result_moves_it_on_days_later(stage, dialler):
    open_agent(stage, app_url=dialler.url())
    stage.run(minutes=2)
    stage.now += ANSWERS_WITHIN
    stage.run(minutes=2)
    assert stage.enrollment().state is EnrollmentState.PARKED
    stage.now += 3 * DAY

    assert tell(stage, WAS_BUSY)
    assert list(bootstrap.parked().all(TENANT)) == []
    stage.run(minutes=33)

    assert len(dialler.asked) == 2
    assert (stage.enrollment().state, stage.enrollment().parked_reason) == (EnrollmentState.ACTIVE, None)


def test_a_result_in_the_very_moment_of_the_deadline_outranks_the_worker_who_looks(stage, dialler, monkeypatch):
    open_agent(stage, app_url=dialler.url())
    stage.run(minutes=2)
    stage.now = stage.enrollment().due + HOUR
    wake(stage)
    messages = stage.hinted()
    scenes = AttemptStore.scenes

    def told_after_the_look(self, hints):
        seen = scenes(self, hints)
        assert tell(stage, LOST)
        return seen

    monkeypatch.setattr(AttemptStore, "scenes", told_after_the_look)
    stage.work(messages)

    ended = stage.enrollment()
    assert (ended.state, ended.owner, ended.parked_at) == (EnrollmentState.FINISHED, None, None)


LACKS = {"a number": ({"has_callee": False}, NO_PHONE), "a dialler": ({}, NO_APP)}


@pytest.mark.parametrize("what", LACKS)
def test_what_lacks_something_says_so_and_is_looked_at_again_the_next_day(stage, dialler, what):
    fields, remark = LACKS[what]
    open_agent(stage, app_url="" if what == "a dialler" else dialler.url())
    put(stage, **fields)

    stage.run(minutes=1)
    lacking = stage.enrollment()
    stage.now += LOOK_AGAIN
    stage.run(minutes=2)

    assert (lacking.state, lacking.awaits, lacking.remark) == (EnrollmentState.ACTIVE, None, remark)
    assert stage.enrollment().due >= lacking.due + LOOK_AGAIN
    assert dialler.asked == []


def test_nobody_is_called_who_unsubscribed_or_waits_for_their_group(stage, dialler):
    open_agent(stage, app_url=dialler.url())
    put(stage, state=EnrollmentState.WAITING)
    stage.run(minutes=5)
    assert dialler.asked == []

    put(stage, state=EnrollmentState.ACTIVE)
    bootstrap.signals().suppress(TENANT, KEY.contact, stage.now)
    stage.run(minutes=5)

    assert dialler.asked == []
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_a_deleted_enrollment_takes_along_whom_it_calls(stage):
    open_agent(stage)

    bootstrap.enrollments().remove([stage.enrollment()], programs={})

    assert bootstrap.table().get(keys.callee(TENANT, KEY)) is None


def test_whoever_is_canceled_is_not_asked_for_even_before_their_enrollment_is_ended(stage, dialler):
    open_agent(stage, app_url=dialler.url())
    before = stage.enrollment()
    (name, value), *_ = ADA.variables.items()
    digest = variable_digest(name, value)
    bootstrap.references().cancel(TENANT, digest, Cancellation(before.created_at, None))

    stage.run(minutes=30, copies=2)

    assert dialler.asked == []
    assert stage.enrollment() == before


def test_whoever_was_accepted_after_a_cancellation_is_called(stage, dialler):
    open_agent(stage, app_url=dialler.url())
    (name, value), *_ = ADA.variables.items()
    earlier = Cancellation(stage.enrollment().created_at - 1, None)
    bootstrap.references().cancel(TENANT, variable_digest(name, value), earlier)

    stage.run(minutes=30)

    assert len(dialler.asked) == 1
