"""DELETE /api/v2/accounts/{id}"""

from tests.functional.outreach.documents import linked, made


def test_it_is_gone_and_its_prospects_stay(call):
    number = made(call, "account", name="Acme")
    prospect = made(call, "prospect", linked(account=("account", number)), firstName="Ada")

    assert call("delete_account", id=str(number)).status == 204

    assert call("get_account", id=str(number)).status == 404
    assert call("list_accounts").body["data"] == []
    assert call("get_prospect", id=str(prospect)).body["data"]["relationships"]["account"] == {"data": None}


def test_what_is_not_there_is_not_found(call, other):
    number = made(call, "account", name="Acme")

    assert other("delete_account", id=str(number)).status == 404
    assert [call("delete_account", id=str(number)).status for _ in range(2)] == [204, 404]
