"""POST /api/v2/accounts"""

import pytest

from tests.functional.outreach.documents import create, linked, made, refusal

ACME = {
    "name": "Acme",
    "domain": "acme.example",
    "customId": "A-1",
    "named": True,
    "buyerIntentScore": 3,
    "industry": "Computing",
    "numberOfEmployees": 12,
    "websiteUrl": "https://acme.example",
    "tags": ["key"],
    "custom1": "x",
}


def test_an_account_is_made_and_shown(call):
    user = made(call, "user", email="u@acme.example")

    answer = create(call, "account", ACME, linked(owner=("user", user), assignedUsers=[("user", user)]))

    shown = answer.body["data"]
    assert (answer.status, shown["type"], shown["id"]) == (201, "account", 1)
    assert {name: shown["attributes"][name] for name in ACME} == ACME
    assert shown["attributes"]["touchedAt"] is None
    assert shown["relationships"] == {
        "owner": {"data": {"type": "user", "id": user}},
        "assignedUsers": {"data": [{"type": "user", "id": user}]},
        "prospects": {"links": {"related": "https://api.example/api/v2/prospects?filter[account][id]=1"}},
    }
    assert call("get_account", id="1").body["data"] == shown


def test_one_is_named_if_nothing_else_is_said(call):
    assert create(call, "account", {"name": "Acme"}).body["data"]["attributes"]["named"] is True


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({}, "name"),
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        (ACME | {"named": None}, "named"),
        (ACME | {"named": 1}, "named"),
        (ACME | {"numberOfEmployees": "many"}, "numberOfEmployees"),
        (ACME | {"tags": None}, "tags"),
        (ACME | {"touchedAt": "2026-12-01T09:00:00Z"}, "touchedAt"),
        (ACME | {"custom0": "x"}, "custom0"),
    ],
)
def test_what_is_no_account_is_refused_with_a_pointer_and_nothing_is_made(call, attributes, name):
    answer = create(call, "account", attributes)

    assert refusal(answer) == (422, "validationError", {"pointer": f"/data/attributes/{name}"})
    assert call("list_accounts").body["data"] == []


def test_prospects_are_linked_from_their_side_only(call):
    answer = create(call, "account", ACME, linked(prospects=[("prospect", 1)]))

    assert refusal(answer) == (422, "validationError", {"pointer": "/data/relationships/prospects"})


def test_an_owner_must_be_there(call, other):
    user = made(other, "user", email="u@acme.example")

    answer = create(call, "account", ACME, linked(owner=("user", user)))

    assert refusal(answer) == (422, "validationError", {"pointer": "/data/relationships/owner"})


def test_the_same_call_under_one_key_makes_one_account(call):
    headers = {"Idempotency-Key": "once"}

    first, again = (create(call, "account", ACME, headers=headers) for _ in range(2))

    assert first.body == again.body
    assert len(call("list_accounts").body["data"]) == 1
