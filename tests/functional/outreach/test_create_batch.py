"""POST /api/v2/batches: what the contract leaves open is the bulk action with its payload (docs/adr/0024)."""

import pytest

from drumbeat.domain.batch import TargetKind
from tests.functional.outreach.bulk import Office, worked


@pytest.fixture
def office(stack):
    return Office()


def create(office, attributes, **options):
    return office.call("create_batch", {"data": {"type": "batch", "attributes": attributes}}, **options)


def test_a_batch_is_made_of_an_action_and_its_payload(office):
    payload = {"ids": [1, "2"], "tags": ["x"]}
    query = {"actionParams[skipConfirmation]": "true"}

    answer = create(
        office, {"action": "prospectsAddTags", "payload": payload, "externalStartPayload": "p7"}, query=query
    )
    worked()

    attributes = answer.body["data"]["attributes"]
    assert (answer.status, attributes["state"], attributes["externalStartPayload"]) == (201, "pending", "p7")
    assert office.batch(answer.body["data"]["id"])["state"] == "finished"
    assert office.record(TargetKind.CONTACTS, 2).tags == ("x",)


def test_it_waits_for_confirmation_unless_told_to_skip_it(office):
    answer = create(office, {"action": "prospectsDestroyAll", "payload": {"ids": [1]}})
    worked()

    assert office.batch(answer.body["data"]["id"])["state"] == "confirming"
    assert office.record(TargetKind.CONTACTS, 1) is not None


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        ({}, "/data/attributes/action"),
        ({"action": "nothing"}, "/data/attributes/action"),
        ({"action": 7}, "/data/attributes/action"),
        ({"action": "prospectsAddTags"}, "/data/attributes/payload/tags"),
        ({"action": "prospectsAddTags", "payload": []}, "/data/attributes/payload"),
        ({"action": "prospectsAddTags", "payload": {"ids": [], "tags": ["x"]}}, "/data/attributes/payload/ids"),
        ({"action": "prospectsAssignOwner", "payload": {"ownerId": 9}}, "/data/attributes/payload/ownerId"),
        ({"action": "accountsBulkModify", "payload": {"shoeSize": 9}}, "/data/attributes/payload/shoeSize"),
        ({"action": "prospectsPauseAll", "confirmedCountRequired": "yes"}, "/data/attributes/confirmedCountRequired"),
    ],
)
def test_what_is_wrong_is_pointed_at_and_no_batch_is_made(office, attributes, pointer):
    answer = create(office, attributes)

    assert answer.status == 422, answer.body
    assert answer.body["errors"][0]["source"] == {"pointer": pointer}
    assert office.call("list_batches").body["data"] == []


def test_the_same_call_under_one_key_makes_one_batch(office):
    headers = {"Idempotency-Key": "once"}
    attributes = {"action": "prospectsDestroyAll", "payload": {"ids": [1]}}

    answers = [create(office, attributes, headers=headers) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(office.call("list_batches").body["data"]) == 1
