"""GET /api/v2/opportunities"""

import pytest

from tests.functional.outreach.documents import linked, made


@pytest.fixture
def deals(call):
    account = made(call, "account", name="Acme")
    made(call, "opportunity", name="New", amount=5)
    made(call, "opportunity", linked(account=("account", account)), name="Renewal", amount=9)


def found(answer):
    assert answer.status == 200, answer.body
    return " ".join(each["attributes"]["name"] for each in answer.body["data"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "New Renewal"),
        ({"filter[name]": "Renewal"}, "Renewal"),
        ({"filter[amount]": "6..inf"}, "Renewal"),
        ({"filter[account][id]": "1"}, "Renewal"),
        ({"filter[id]": "1"}, "New"),
        ({"sort": "-amount"}, "Renewal New"),
    ],
    ids=str,
)
def test_the_opportunities_that_are_asked_for_are_listed(call, deals, query, names):
    assert found(call("list_opportunities", query=query)) == names


def test_a_link_to_a_deleted_account_is_not_shown(call, deals):
    call("delete_account", id="1")

    shown = call("list_opportunities").body["data"]
    assert [each["relationships"]["account"]["data"] for each in shown] == [None, None]


def test_another_tenant_s_opportunities_are_not_listed(call, deals, other):
    assert found(other("list_opportunities")) == ""
