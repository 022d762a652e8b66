"""GET /v1/enrollments/{enrollment_id}"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.domain.enrollment import EnrollmentState
from tests.contract.scene import furnished
from tests.functional.myagentmail.leads import Campaign
from tests.world import confined

STATES = {
    EnrollmentState.ACTIVE: "active",
    EnrollmentState.HELD: "active",
    EnrollmentState.PAUSED: "paused",
    EnrollmentState.PARKED: "paused",
    EnrollmentState.FINISHED: "completed",
    EnrollmentState.REPLIED: "replied",
    EnrollmentState.BOUNCED: "bounced",
    EnrollmentState.UNSUBSCRIBED: "unsubscribed",
    EnrollmentState.REMOVED: "unenrolled",
    EnrollmentState.FAILED: "failed",
}


@pytest.fixture
def campaign(call):
    return Campaign(call)


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_its_name(campaign, state):
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), state=state))

    assert campaign.shown(jane)["state"] == STATES[state]


def test_what_somebody_ended_is_unenrolled_and_not_completed(campaign):
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), state=EnrollmentState.FINISHED, finished_at=1))

    assert campaign.shown(jane)["state"] == "unenrolled"


def test_an_ampout_campaign_s_enrolment_is_one_of_a_cadence(stack):
    scene = furnished()
    number = scene.path_of("enroll_contact")["campaign_id"]

    rows = scene.caller("list_enrollments", group="myagentmail", cadence_id=number).body["items"]
    found = scene.caller("get_enrollment", group="myagentmail", enrollment_id=rows[0]["id"])

    assert found.body == {"enrollment": rows[0]}
    assert (rows[0]["leadExternalId"], rows[0]["cadenceId"]) == (None, number)


def test_what_is_not_there_or_another_s_is_not_found(campaign, call, other):
    theirs = Campaign(other).enrol()
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), state=EnrollmentState.DELETED))

    for enrollment_id in ("x", theirs["id"], jane["id"]):
        answer = call("get_enrollment", enrollment_id=enrollment_id)
        assert (answer.status, answer.body) == (404, {"error": "Enrollment not found.", "code": "not_found"})


def test_a_workspace_s_key_does_not_see_what_lies_outside(campaign, call):
    jane = campaign.enrol()
    inside = confined(call.func, workspace=1)

    assert inside("get_enrollment", group="myagentmail", enrollment_id=jane["id"]).status == 404


def test_it_costs_two_requests_and_one_for_its_context(campaign):
    jane, john = campaign.enrol(), campaign.enrol(context={"a": 1})

    campaign.shown(jane)
    assert bootstrap.ledger.datastore_requests() == 2
    campaign.shown(john)
    assert bootstrap.ledger.datastore_requests() == 3
