"""PATCH /v1/cadences/{cadence_id}/steps while somebody is on the way through: nobody is lost, nothing is sent twice."""

from email import message_from_bytes

import pytest

from drumbeat import bootstrap
from drumbeat.application.connected_sequences import replace_steps, run_now
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.reach import WHOLE
from drumbeat.domain.sequence import DraftStrategy, Step, StepKind
from drumbeat.domain.step_move import STEP_GONE
from drumbeat.domain.times import DAY
from tests.stage import SEQUENCE, TENANT, TWO_STEPS

FIRST, SECOND = TWO_STEPS
OTHER = Step(2, "Other", "<p>Other</p>", 10)
CONNECT = Step(2, "", "", 10, kind=StepKind.LINKEDIN_CONNECT, draft=DraftStrategy.AI)


@pytest.fixture
def under_way(stage, server):
    """One contact that has had its first mail, and waits for the second."""
    stage.open([server])
    stage.run(minutes=2)
    assert subjects(server) == ["Hello P1"]
    return stage


def replaced(stage, *steps):
    replace_steps(
        bootstrap.sequences(),
        bootstrap.sequence_records(),
        WHOLE,
        tenant=TENANT,
        number=SEQUENCE,
        steps=lambda _: steps,
        now=stage.now,
    )


def subjects(server):
    return [message_from_bytes(mail)["Subject"] for mail in server.taken]


def test_who_stands_behind_the_new_list_is_through_and_it_says_so(under_way, server):
    replaced(under_way, FIRST)
    under_way.run(minutes=20)

    enrollment = under_way.enrollment()
    assert (enrollment.state, enrollment.exit_reason) == (EnrollmentState.FINISHED, STEP_GONE)
    assert subjects(server) == ["Hello P1"]


def test_the_step_at_the_index_is_the_one_that_leaves_when_it_is_due(under_way, server):
    due = under_way.enrollment().due
    replaced(under_way, FIRST, OTHER)

    assert under_way.enrollment().due == due
    under_way.run(minutes=20)

    assert subjects(server) == ["Hello P1", "Other"]
    assert under_way.enrollment().state is EnrollmentState.FINISHED


def test_a_longer_list_goes_on_behind_the_old_one(under_way, server):
    replaced(under_way, FIRST, SECOND, OTHER)
    under_way.run(minutes=40)

    assert subjects(server) == ["Hello P1", "Again", "Other"]


def test_a_step_that_nobody_here_can_do_waits_until_it_is_another_one(under_way, server):
    replaced(under_way, FIRST, CONNECT)
    under_way.run(minutes=20)

    waiting = under_way.enrollment()
    assert waiting.state is EnrollmentState.ACTIVE
    assert waiting.remark
    replaced(under_way, FIRST, SECOND)
    under_way.now += DAY
    under_way.run(minutes=20)

    assert subjects(server) == ["Hello P1", "Again"]
    assert under_way.enrollment().remark is None


def test_run_now_sends_nothing_that_is_not_due(under_way, server):
    run_now(bootstrap.sequences(), bootstrap.lanes(), WHOLE, tenant=TENANT, number=SEQUENCE, now=under_way.now)
    under_way.run(minutes=2)

    assert subjects(server) == ["Hello P1"]
