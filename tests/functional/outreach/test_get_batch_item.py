"""GET /api/v2/batchItems/{id}"""

import json

import pytest

from tests.functional.outreach.bulk import Office, worked


@pytest.fixture
def office(stack):
    office = Office()
    office.start("prospectsAddTags", {"ids": [3, 999], "tags": ["x"]})
    worked()
    return office


def test_an_item_is_shown(office):
    answer = office.call("get_batch_item", id=str((1 << 24) + 1))

    assert answer.status == 200
    assert answer.body["data"]["id"] == (1 << 24) + 1
    assert json.loads(answer.body["data"]["attributes"]["data"]) == {"id": 999, "type": "prospect"}
    assert answer.body["data"]["attributes"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("number", ["0", "1", str((1 << 24) + 2), str(2 << 24), "9" * 16, "x"])
def test_no_such_item_is_not_found(office, number):
    answer = office.call("get_batch_item", id=number)

    assert (answer.status, answer.body["errors"][0]["id"]) == (404, "resourceNotFound")


def test_another_tenant_s_is_not_found_either(office):
    assert Office().call("get_batch_item", id=str(1 << 24)).status == 404
