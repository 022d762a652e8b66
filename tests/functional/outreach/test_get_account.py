"""GET /api/v2/accounts/{id}"""

import pytest

from tests.functional.outreach.documents import linked, made


def test_an_account_that_is_not_named_is_found_by_its_id(call):
    number = made(call, "account", name="Acme", named=False)

    answer = call("get_account", id=str(number), query={"fields[account]": "name,named"})

    assert answer.body["data"]["attributes"] == {"name": "Acme", "named": False}


def test_its_owner_is_included(call):
    user = made(call, "user", email="u@acme.example")
    number = made(call, "account", linked(owner=("user", user)), name="Acme")

    (included,) = call("get_account", id=str(number), query={"include": "owner"}).body["included"]

    assert (included["type"], included["id"]) == ("user", user)


@pytest.mark.parametrize("number", ["99", "x", "1e1"])
def test_what_is_not_there_is_not_found(call, number):
    assert call("get_account", id=number).status == 404


def test_another_tenant_s_account_is_not_found(call, other):
    assert other("get_account", id=str(made(call, "account", name="Acme"))).status == 404
