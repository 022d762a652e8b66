"""PATCH /api/v2/opportunities/{id}"""

import pytest

from tests.functional.outreach.documents import document, linked, made, refusal


@pytest.fixture
def deal(call):
    return made(call, "opportunity", name="Deal", amount=5)


def update(call, number, attributes, relations=None):
    return call("update_opportunity", document("opportunity", attributes, relations), id=str(number))


def test_what_is_given_is_changed_and_the_rest_stays(call, deal):
    account = made(call, "account", name="Acme")

    answer = update(call, deal, {"amount": None}, linked(account=("account", account)))

    shown = answer.body["data"]
    assert (answer.status, shown["attributes"]["name"], shown["attributes"]["amount"]) == (200, "Deal", None)
    assert shown["relationships"]["account"]["data"]["id"] == account
    assert call("get_opportunity", id=str(deal)).body["data"] == shown


@pytest.mark.parametrize(
    ("attributes", "relations", "pointer"),
    [
        ({"name": None}, None, "/data/attributes/name"),
        ({"stage": "won"}, None, "/data/attributes/stage"),
        ({}, linked(account=("account", 9)), "/data/relationships/account"),
    ],
)
def test_what_cannot_be_changes_nothing(call, deal, attributes, relations, pointer):
    answer = update(call, deal, {"amount": 7} | attributes, relations)

    assert refusal(answer) == (422, "validationError", {"pointer": pointer})
    assert call("get_opportunity", id=str(deal)).body["data"]["attributes"]["amount"] == 5


def test_no_such_opportunity_is_not_found(call, other, deal):
    assert update(call, 99, {"amount": 1}).status == 404
    assert update(other, deal, {"amount": 1}).status == 404
