"""GET /api/v2/accounts"""

import pytest

from tests.functional.outreach.documents import made, refusal


@pytest.fixture
def accounts(call):
    made(call, "account", name="Acme", domain="acme.example", buyerIntentScore=5)
    made(call, "account", name="Bolt", customId="B", buyerIntentScore=9)
    made(call, "account", name="Hidden", named=False)
    made(call, "account", name="Cube")


def found(answer):
    assert answer.status == 200, answer.body
    return " ".join(each["attributes"]["name"] for each in answer.body["data"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "Acme Bolt Cube"),
        ({"filter[name]": "Bolt,Acme"}, "Acme Bolt"),
        ({"filter[domain]": "acme.example"}, "Acme"),
        ({"filter[customId]": "__notnull__"}, "Bolt"),
        ({"filter[buyerIntentScore]": "6..inf"}, "Bolt"),
        ({"filter[q]": "ACME.ex"}, "Acme"),
        ({"filter[id]": "1,3"}, "Acme"),
        ({"filter[named]": "true"}, "Acme Bolt Cube"),
        ({"filter[named]": "false"}, ""),
        ({"filter[name]": "Hidden"}, ""),
        ({"sort": "-name"}, "Cube Bolt Acme"),
        ({"page[size]": "2"}, "Acme Bolt"),
        ({"page[limit]": "1", "page[offset]": "2"}, "Cube"),
    ],
    ids=str,
)
def test_named_accounts_are_listed_as_they_are_asked_for(call, accounts, query, names):
    assert found(call("list_accounts", query=query)) == names


def test_only_named_ones_are_counted(call, accounts):
    assert call("list_accounts", query={"count": "true"}).body["meta"]["count"] == 3


@pytest.mark.parametrize("name", ["industry", "tags", "prospects][id", "owner][name"])
def test_what_the_contract_does_not_flag_cannot_be_filtered_by(call, name):
    answer = call("list_accounts", query={f"filter[{name}]": "x"})

    assert refusal(answer) == (422, "validationError", {"parameter": f"filter[{name}]"})


def test_another_tenant_s_accounts_are_not_listed(call, accounts, other):
    assert found(other("list_accounts")) == ""
