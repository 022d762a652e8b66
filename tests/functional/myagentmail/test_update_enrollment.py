"""PATCH /v1/enrollments/{enrollment_id}"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.domain.enrollment import EnrollmentState
from tests.functional.myagentmail.account import inbox, with_key
from tests.functional.myagentmail.furniture import refused
from tests.functional.myagentmail.leads import SESSION, Campaign
from tests.functional.myagentmail.test_bulk_relink import FIELDS


@pytest.fixture
def campaign(call):
    return Campaign(call)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_set_kept_and_cleared(campaign, field):
    jane = campaign.enrol()

    was_set = campaign.patch(jane, {field: FIELDS[field]}).body["enrollment"]
    kept = campaign.patch(jane, {}).body["enrollment"]
    cleared = campaign.patch(jane, {field: None}).body["enrollment"]

    assert was_set == campaign.shown(jane) | {field: FIELDS[field]}
    assert kept == was_set
    assert cleared == was_set | {field: None}
    campaign.check_locks()


def test_it_is_paused_resumed_and_ended_together_with_what_else_changes(campaign):
    jane = campaign.enrol()

    paused = campaign.patch(jane, {"state": "paused", "leadName": "Jane"}).body["enrollment"]
    resumed = campaign.patch(jane, {"state": "active", "leadName": "Joan"}).body["enrollment"]
    ended = campaign.patch(jane, {"state": "unenrolled", "exitReason": "left the firm"}).body["enrollment"]

    assert (paused["state"], paused["leadName"]) == ("paused", "Jane")
    assert (resumed["state"], resumed["leadName"]) == ("active", "Joan")
    assert (ended["state"], ended["exitReason"], ended["nextStepDueAt"]) == ("unenrolled", "left the firm", None)
    assert campaign.shown(jane) == ended


@pytest.mark.parametrize("state", ["paused", "active", "unenrolled"])
def test_the_same_state_again_changes_nothing(campaign, state):
    jane = campaign.enrol()
    first = campaign.patch(jane, {"state": state}).body

    assert campaign.patch(jane, {"state": state}).body == first


def test_a_transition_that_cannot_be_changes_nothing_else_either(campaign):
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), state=EnrollmentState.PARKED, parked_at=1, parked_reason="timed out"))

    answer = campaign.patch(jane, {"state": "active", "leadName": "Jane"})

    assert answer.status == 409
    assert campaign.shown(jane)["leadName"] is None


@pytest.mark.parametrize("body", [{"leadName": "x"}, {"state": "active"}, {"state": "unenrolled"}, {}])
def test_what_is_over_is_refused_with_its_state(campaign, body):
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), state=EnrollmentState.REPLIED))

    answer = campaign.patch(jane, body)

    assert answer.status == 409
    assert answer.body == {
        "error": "Enrollment is in terminal state 'replied'; lead identity cannot be modified.",
        "code": "ENROLLMENT_TERMINAL_STATE",
        "details": {"state": "replied"},
    }


def test_a_taken_external_id_is_a_conflict(campaign):
    jane, john = campaign.enrol(), campaign.enrol()

    answer = campaign.patch(jane, {"leadExternalId": john["leadExternalId"]})

    assert (answer.status, answer.body["code"]) == (409, "LEAD_EXTERNAL_ID_CONFLICT")
    assert answer.body["details"] == {"conflictingExternalId": john["leadExternalId"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"leadEmail": "x"}, "leadEmail"),
        ({"leadName": 5}, "leadName"),
        ({"inboxId": "x"}, "inboxId"),
        ({"inboxId": "b7378af5-38f7-8f84-b2a5-8d9f19bc9c78"}, "inboxId"),
        ({"state": "replied"}, "state"),
        ({"state": None}, "state"),
    ],
)
def test_a_value_that_is_none_is_refused_by_its_field(campaign, body, field):
    jane = campaign.enrol()

    assert refused(campaign.patch(jane, body)) == [field]
    assert campaign.shown(jane) == jane


def test_a_reason_goes_with_an_end_only(campaign):
    assert campaign.patch(campaign.enrol(), {"exitReason": "x"}).status == 400


def test_retry_now_makes_it_due(campaign):
    jane = campaign.enrol(startAt="2030-01-01T00:00:00Z")

    told = campaign.patch(jane, {}, retryNow="true").body["enrollment"]

    assert told["nextStepDueAt"] < "2029"
    assert refused(campaign.patch(jane, {}, retryNow="perhaps")) == ["retryNow"]


def test_what_is_being_sent_waits(campaign):
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), owner="worker", lease=10**15))

    assert campaign.patch(jane, {"leadName": "x"}).body["code"] == "being_sent"
    assert campaign.patch(jane, {"state": "paused"}).status == 200


def test_an_enrolment_whose_inbox_is_gone_does_not_go_on(campaign):
    jane = campaign.enrol()
    campaign.patch(jane, {"state": "paused"})
    stored = campaign.stored(jane)
    bootstrap.table().delete((f"T#{campaign.tenant}#SENDER", f"{stored.sender:016d}"))

    assert refused(campaign.patch(jane, {"state": "active"})) == ["inboxId"]


def test_an_inbox_s_key_moves_nothing_away(campaign, call):
    jane = campaign.enrol()
    mine, second = with_key(call, inboxId=campaign.inbox), inbox(call, email="second@acme.example")

    for wanted in (second, None):
        answer = mine("update_enrollment", {"inboxId": wanted}, enrollment_id=jane["id"])
        assert refused(answer) == ["inboxId"]
    assert mine("update_enrollment", {"sessionId": SESSION}, enrollment_id=jane["id"]).status == 200


def test_what_is_not_there_is_not_found(call, other):
    theirs = Campaign(other).enrol()

    for enrollment_id in ("x", theirs["id"]):
        assert call("update_enrollment", {"leadName": "x"}, enrollment_id=enrollment_id).status == 404


def test_a_change_costs_few_requests(campaign):
    jane = campaign.enrol()

    campaign.patch(jane, {"leadName": "Jane"})
    assert bootstrap.ledger.datastore_requests() == 3
    campaign.patch(jane, {"leadExternalId": "another"})
    assert bootstrap.ledger.datastore_requests() == 3
    campaign.patch(jane, {"state": "paused"})
    assert bootstrap.ledger.datastore_requests() == 3
