"""An agent and whoever waits in its call groups, as the other APIs show them."""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.application.leads import PlacedLead
from drumbeat.dialects.ampout.campaigns import step_body as campaign_step
from drumbeat.dialects.myagentmail.cadence_steps import step_body as cadence_step
from drumbeat.dialects.myagentmail.enrollments import enrollment_body
from drumbeat.dialects.outreach.sequence_states import view_of_state
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.placed_enrollment import PlacedEnrollment
from drumbeat.domain.placed_step import steps_of, view_of_step
from drumbeat.domain.sequence import SequenceStatus
from tests.cadence_stage import put
from tests.call_stage import CALL, KEY, open_agent
from tests.stage import SEQUENCE, TENANT, Stage


@pytest.fixture
def waiting(stage: Stage) -> Stage:
    """Somebody who waits for another of their call group."""
    open_agent(stage)
    put(stage, state=EnrollmentState.WAITING, group="g")
    return stage


def test_a_call_is_shown_as_one_and_has_no_body():
    assert cadence_step(CALL)["kind"] == "call"
    assert campaign_step(CALL) == {
        "position": 1,
        "subject": None,
        "body_html": None,
        "delay_minutes": 0,
        "kind": "call",
    }


def test_an_agent_s_steps_are_calls_to_outreach(waiting):
    sequence = bootstrap.sequences().get(TENANT, SEQUENCE)
    (step,) = steps_of(sequence)

    assert (view_of_step(step)["kind"], view_of_step(step)["body_html"]) == ("call", None)


def test_whoever_waits_for_their_group_is_pending_or_active_and_due_at_no_time(waiting):
    sequence, found = bootstrap.sequences().get(TENANT, SEQUENCE), waiting.enrollment()
    assert sequence.status is SequenceStatus.ACTIVE

    assert view_of_state(PlacedEnrollment(found, sequence, None))["state"] == "pending"
    shown = enrollment_body(PlacedLead(found, sequence, None, None))
    assert (shown["state"], shown["nextStepDueAt"]) == ("active", None)


def test_whoever_waits_for_their_group_stands_in_no_queue_and_is_never_reached_by_a_worker(waiting):
    item = bootstrap.table().get(keys.enrollment(TENANT, KEY))

    waiting.run(minutes=3)

    assert "qpk" not in item
    assert waiting.enrollment().asked == 0
