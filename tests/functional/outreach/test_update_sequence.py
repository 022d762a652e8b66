"""PATCH /api/v2/sequences/{id}"""

import pytest

from tests.functional.outreach.furniture import act, change, made, pointer, sequence_with_steps, shown


def test_what_is_given_changes_and_the_rest_stays(call):
    number = sequence_with_steps(call)
    act(call, "activate_sequence", number)

    answer = change(call, "sequence", number, {"name": "Summer", "throttleCapacity": 3})

    assert answer.status == 200
    data = shown(call, "sequence", number)
    assert data == answer.body["data"]
    assert (data["attributes"]["name"], data["attributes"]["throttleCapacity"]) == ("Summer", 3)
    assert data["attributes"]["enabled"] is True
    assert len(data["relationships"]["sequenceSteps"]["data"]) == 1


def test_null_clears(call):
    number = made(call, "sequence", {"name": "a", "throttleCapacity": 3, "description": "x"})

    change(call, "sequence", number, {"throttleCapacity": None, "description": None})

    attributes = shown(call, "sequence", number)["attributes"]
    assert (attributes["throttleCapacity"], attributes["description"]) == (None, None)


@pytest.mark.parametrize("attributes", [{"enabled": True}, {"transactional": True}, {"name": None}])
def test_what_cannot_be_is_refused_and_nothing_changes(call, attributes):
    number = made(call, "sequence", {"name": "a"})

    answer = change(call, "sequence", number, {"name": "b"} | attributes)

    assert pointer(answer) == f"/data/attributes/{next(iter(attributes))}"
    assert shown(call, "sequence", number)["attributes"]["name"] == "a"


def test_another_id_in_the_body_is_refused(call):
    number = made(call, "sequence", {"name": "a"})

    answer = call("update_sequence", {"data": {"id": 99, "attributes": {"name": "b"}}}, id=str(number))

    assert pointer(answer) == "/data/id"


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = made(call, "sequence", {"name": "a"})

    answers = change(other, "sequence", number, {"name": "x"}), change(call, "sequence", 99, {"name": "x"})

    assert [answer.status for answer in answers] == [404, 404]
