"""PATCH /api/v2/users/{id}"""

import pytest

from tests.functional.outreach.test_create_user import ADA, create


@pytest.fixture
def ada(call):
    return create(call, ADA).body["data"]


def update(call, number, attributes, **options):
    return call("update_user", {"data": {"type": "user", "attributes": attributes}}, id=str(number), **options)


def test_what_is_given_is_changed_and_the_rest_stays(call, ada):
    answer = update(call, ada["id"], {"title": None, "lastName": "King"})

    assert answer.status == 200
    changed = ada["attributes"] | {"title": None, "lastName": "King"}
    assert answer.body["data"]["attributes"] | {"updatedAt": changed["updatedAt"]} == changed
    assert call("get_user", id=str(ada["id"])).body["data"] == answer.body["data"]


def test_the_id_in_the_body_may_be_a_text_and_must_be_the_path_s(call, ada):
    right = call("update_user", {"data": {"id": str(ada["id"]), "attributes": {"title": "x"}}}, id=str(ada["id"]))
    wrong = call("update_user", {"data": {"id": 99, "attributes": {"title": "y"}}}, id=str(ada["id"]))

    assert right.status == 200
    assert (wrong.status, wrong.body["errors"][0]["source"]) == (422, {"pointer": "/data/id"})
    assert call("get_user", id=str(ada["id"])).body["data"]["attributes"]["title"] == "x"


@pytest.mark.parametrize("attributes", [{"email": None}, {"email": "x"}, {"locked": None}, {"updatedAt": None}])
def test_a_wrong_value_changes_nothing(call, ada, attributes):
    answer = update(call, ada["id"], attributes | {"title": "y"})

    (name,) = attributes
    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"pointer": f"/data/attributes/{name}"})
    assert call("get_user", id=str(ada["id"])).body["data"] == ada


def test_no_such_user_is_not_found(call, other, ada):
    assert update(call, 99, {"title": "x"}).status == 404
    assert update(other, ada["id"], {"title": "x"}).status == 404
