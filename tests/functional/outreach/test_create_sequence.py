"""POST /api/v2/sequences"""

import pytest

from tests.functional.outreach.furniture import create, found, made, pointer, related


def test_a_sequence_is_made_without_steps_and_sends_nothing(call):
    answer = create(call, "sequence", {"name": "Spring"})

    assert answer.status == 201
    data = answer.body["data"]
    assert (data["attributes"]["name"], data["attributes"]["enabled"]) == ("Spring", False)
    assert data["relationships"]["sequenceSteps"]["data"] == []
    assert data["relationships"]["sequenceStates"]["links"]["related"].endswith(
        f"/api/v2/sequenceStates?filter[sequence][id]={data['id']}"
    )


def test_what_is_given_is_kept_and_shown(call):
    owner = made(call, "user", {"email": "ann@acme.example"})
    ruleset = made(call, "ruleset", {"name": "Strict"})
    given = {
        "name": "Spring",
        "description": "Hello",
        "sequenceType": "interval",
        "scheduleIntervalType": "calendar",
        "shareType": "shared",
        "primaryReplyAction": "finish",
        "throttleCapacity": 5,
        "throttleMaxAddsPerDay": 7,
        "throttlePaused": True,
        "transactional": False,
        "tags": ["a", "b"],
    }

    data = create(call, "sequence", given, relationships=related(owner=owner, ruleset=ruleset)).body["data"]

    assert data["attributes"].items() >= given.items()
    assert data["relationships"]["owner"]["data"] == {"type": "user", "id": owner}
    assert data["relationships"]["ruleset"]["data"] == {"type": "ruleset", "id": ruleset}
    assert call("get_sequence", id=str(data["id"])).body["data"] == data


def test_it_is_a_campaign_of_the_same_tenant_as_well(call):
    create(call, "sequence", {"name": "Spring"})

    (row,) = call.func("list_campaigns").body

    assert (row["name"], row["status"]) == ("Spring", "pending")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", None),
        ("enabled", True),
        ("sequenceType", "date"),
        ("shareType", "public"),
        ("primaryReplyAction", "continue"),
        ("throttleCapacity", 0),
        ("transactional", True),
        ("tags", None),
        ("tags", ["x" * 101]),
        ("maxActivations", 1),
    ],
)
def test_what_is_no_sequence_or_is_done_in_another_way_only_is_refused_with_a_pointer(call, name, value):
    answer = create(call, "sequence", {"name": "Spring"} | {name: value})

    assert pointer(answer).startswith(f"/data/attributes/{name}")
    assert found(call, "sequences") == []


@pytest.mark.parametrize("relation", ["owner", "ruleset"])
def test_an_owner_or_ruleset_that_is_nobody_is_refused(call, relation):
    answer = create(call, "sequence", {"name": "Spring"}, relationships=related(**{relation: 99}))

    assert pointer(answer) == f"/data/relationships/{relation}"
    assert found(call, "sequences") == []


def test_the_same_call_under_one_key_makes_one_sequence(call):
    answers = [create(call, "sequence", {"name": "Spring"}, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(found(call, "sequences")) == 1
