"""DELETE /api/v2/opportunities/{id}"""

from tests.functional.outreach.documents import linked, made


def test_it_is_gone_and_its_prospects_stay(call):
    number = made(call, "opportunity", name="Deal")
    prospect = made(call, "prospect", linked(opportunities=[("opportunity", number)]), firstName="Ada")

    assert call("delete_opportunity", id=str(number)).status == 204

    assert call("get_opportunity", id=str(number)).status == 404
    assert call("get_prospect", id=str(prospect)).body["data"]["relationships"]["opportunities"] == {"data": []}


def test_what_is_not_there_is_not_found(call, other):
    number = made(call, "opportunity", name="Deal")

    assert other("delete_opportunity", id=str(number)).status == 404
    assert [call("delete_opportunity", id=str(number)).status for _ in range(2)] == [204, 404]
