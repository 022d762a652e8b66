"""PATCH /api/v2/accounts/{id}"""

import pytest

from tests.faults import fault
from tests.functional.outreach.documents import document, linked, made, refusal


@pytest.fixture
def acme(call):
    return made(call, "account", name="Acme", tags=["key"], custom1="x")


def update(call, number, attributes, relations=None):
    return call("update_account", document("account", attributes, relations), id=str(number))


def shown(call, number):
    return call("get_account", id=str(number)).body["data"]


def test_what_is_given_is_changed_and_the_rest_stays(call, acme):
    user = made(call, "user", email="u@acme.example")
    before = shown(call, acme)

    changes = {"name": "Acme Ltd", "tags": [], "custom1": None, "named": False}
    answer = update(call, acme, changes, linked(owner=("user", user)))

    after = before["attributes"] | changes | {"updatedAt": answer.body["data"]["attributes"]["updatedAt"]}
    assert (answer.status, answer.body["data"]["attributes"]) == (200, after)
    assert answer.body["data"]["relationships"]["owner"] == {"data": {"type": "user", "id": user}}
    assert shown(call, acme) == answer.body["data"]


@pytest.mark.parametrize(
    ("attributes", "relations", "pointer"),
    [
        ({"name": None}, None, "/data/attributes/name"),
        ({"updatedAt": "2026-12-01T09:00:00Z"}, None, "/data/attributes/updatedAt"),
        ({}, linked(owner=("user", 9)), "/data/relationships/owner"),
        ({}, linked(assignedUsers=[("user", 9)]), "/data/relationships/assignedUsers"),
    ],
)
def test_what_cannot_be_changes_nothing(call, acme, attributes, relations, pointer):
    before = shown(call, acme)

    answer = update(call, acme, {"industry": "y"} | attributes, relations)

    assert refusal(answer) == (422, "validationError", {"pointer": pointer})
    assert shown(call, acme) == before


def test_no_such_account_is_not_found(call, other, acme):
    assert update(call, 99, {"name": "x"}).status == 404
    assert update(other, acme, {"name": "x"}).status == 404


def test_a_change_takes_few_requests(call, acme):
    with fault(0, after=False) as seen:
        update(call, acme, {"industry": "x"})

    assert len(seen.calls) <= 5, seen.calls
