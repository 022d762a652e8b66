"""POST /api/v2/users"""

import pytest

ADA = {"email": "Ada@ACME.example", "firstName": "Ada", "lastName": "Lovelace", "title": "Analyst"}


def create(call, attributes, **options):
    return call("create_user", {"data": {"type": "user", "attributes": attributes}}, **options)


def test_a_user_is_made_and_shown(call):
    answer = create(call, ADA)

    assert answer.status == 201
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    attributes = answer.body["data"].pop("attributes")
    created, updated = attributes.pop("createdAt"), attributes.pop("updatedAt")
    assert created == updated
    assert created.endswith("Z")
    assert attributes == {
        "email": "Ada@acme.example",
        "firstName": "Ada",
        "lastName": "Lovelace",
        "username": None,
        "title": "Analyst",
        "locked": False,
    }
    assert answer.body["data"] == {
        "type": "user",
        "id": 1,
        "relationships": {},
        "links": {"self": "https://api.example/api/v2/users/1"},
    }


def test_it_is_there_afterwards(call):
    made = create(call, ADA).body["data"]

    assert call("get_user", id=str(made["id"])).body["data"] == made


def test_the_same_call_under_one_key_makes_one_user(call):
    headers = {"Idempotency-Key": "once"}

    first, again = create(call, ADA, headers=headers), create(call, ADA, headers=headers)

    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(call("list_users").body["data"]) == 1


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        ({}, "/data/attributes/email"),
        ({"email": None}, "/data/attributes/email"),
        ({"email": "nobody"}, "/data/attributes/email"),
        (ADA | {"firstName": 7}, "/data/attributes/firstName"),
        (ADA | {"locked": "yes"}, "/data/attributes/locked"),
        (ADA | {"locked": None}, "/data/attributes/locked"),
        (ADA | {"title": "a\nb"}, "/data/attributes/title"),
        (ADA | {"createdAt": "2026-01-01T00:00:00Z"}, "/data/attributes/createdAt"),
        (ADA | {"shoeSize": 43}, "/data/attributes/shoeSize"),
    ],
)
def test_what_is_no_user_is_refused_with_a_pointer_and_nothing_is_made(call, attributes, pointer):
    answer = create(call, attributes)

    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert answer.body["errors"][0]["id"] == "validationError"
    assert answer.body["errors"][0]["source"] == {"pointer": pointer}
    assert call("list_users").body["data"] == []


def test_the_answer_to_a_write_includes_nothing(call):
    answer = create(call, ADA, query={"include": "creator"})

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"parameter": "include"})
    assert call("list_users").body["data"] == []
