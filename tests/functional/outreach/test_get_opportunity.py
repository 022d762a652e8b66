"""GET /api/v2/opportunities/{id}"""

import pytest

from tests.functional.outreach.documents import linked, made


def test_a_link_to_a_deleted_account_is_not_shown(call):
    account = made(call, "account", name="Acme")
    number = made(call, "opportunity", linked(account=("account", account)), name="Deal")
    included = call("get_opportunity", id=str(number), query={"include": "account"}).body["included"]
    assert [other["id"] for other in included] == [account]

    call("delete_account", id=str(account))

    assert call("get_opportunity", id=str(number)).body["data"]["relationships"]["account"] == {"data": None}


@pytest.mark.parametrize("number", ["99", "x"])
def test_what_is_not_there_is_not_found(call, number):
    assert call("get_opportunity", id=number).status == 404


def test_another_tenant_s_opportunity_is_not_found(call, other):
    assert other("get_opportunity", id=str(made(call, "opportunity", name="Deal"))).status == 404
