"""POST /api/v2/opportunities"""

import pytest

from tests.functional.outreach.documents import create, linked, made, refusal

DEAL = {"name": "Renewal", "amount": 12_000, "closeDate": "2026-12-01T00:00:00.000Z"}


def test_an_opportunity_is_made_and_shown(call):
    user, account = made(call, "user", email="u@acme.example"), made(call, "account", name="Acme")

    answer = create(call, "opportunity", DEAL, linked(owner=("user", user), account=("account", account)))

    shown = answer.body["data"]
    assert (answer.status, shown["type"], shown["id"]) == (201, "opportunity", 1)
    assert {name: shown["attributes"][name] for name in DEAL} == DEAL
    assert shown["relationships"] == {
        "owner": {"data": {"type": "user", "id": user}},
        "account": {"data": {"type": "account", "id": account}},
    }
    assert call("get_opportunity", id="1").body["data"] == shown


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({}, "name"),
        ({"name": None}, "name"),
        (DEAL | {"amount": "x"}, "amount"),
        (DEAL | {"createdAt": 1}, "createdAt"),
    ],
)
def test_what_is_no_opportunity_is_refused_with_a_pointer_and_nothing_is_made(call, attributes, name):
    answer = create(call, "opportunity", attributes)

    assert refusal(answer) == (422, "validationError", {"pointer": f"/data/attributes/{name}"})
    assert call("list_opportunities").body["data"] == []


def test_an_account_must_be_there(call):
    answer = create(call, "opportunity", DEAL, linked(account=("account", 9)))

    assert refusal(answer) == (422, "validationError", {"pointer": "/data/relationships/account"})
