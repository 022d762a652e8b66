"""GET /api/v2/batchItems"""

import json

import pytest

from tests.functional.outreach.bulk import Office, worked


@pytest.fixture
def office(stack):
    return Office()


@pytest.fixture
def two(office):
    """Batch 1 of two items, one of which fails; batch 2 of one."""
    office.start("prospectsAddTags", {"ids": [1, 999], "tags": ["x"]})
    office.start("accountAddTags", {"ids": [2], "tags": ["x"]})
    worked()


def targets(answer):
    assert answer.status == 200, answer.body
    return [json.loads(item["attributes"]["data"])["id"] for item in answer.body["data"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [1, 999, 2]),
        ({"filter[batchId]": "1"}, [1, 999]),
        ({"filter[batchId]": "2"}, [2]),
        ({"filter[batchId]": "1,2", "sort": "-id"}, [2, 999, 1]),
        ({"filter[batchId]": "99"}, []),
        ({"filter[batchId]": "1", "filter[state]": "error"}, [999]),
        ({"filter[failed]": "true"}, [999]),
        ({"filter[code]": "NOT_FOUND"}, [999]),
        ({"filter[id]": str(1 << 24 | 1)}, [999]),
        ({"sort": "-failed,-batchId"}, [999, 2, 1]),
        ({"page[size]": "1", "filter[batchId]": "1"}, [1]),
    ],
)
def test_what_a_query_finds(office, two, query, found):
    assert targets(office.call("list_batch_items", query=query)) == found


def test_an_item_says_what_it_was_about_and_why_it_failed(office, two):
    answer = office.call("list_batch_items", query={"filter[batchId]": "1", "include": "batch"})

    good, bad = answer.body["data"]
    assert json.loads(good["attributes"].pop("data")) == {"id": 1, "type": "prospect"}
    assert good["attributes"].pop("createdAt").endswith("Z")
    assert good["attributes"] == {"batchId": 1, "state": "finished", "failed": False, "info": None, "code": None}
    assert (bad["attributes"]["state"], bad["attributes"]["failed"]) == ("error", True)
    assert bad["attributes"]["code"] == "NOT_FOUND"
    assert bad["attributes"]["info"]
    assert bad["relationships"] == {"batch": {"data": {"type": "batch", "id": 1}}}
    assert [(other["type"], other["id"]) for other in answer.body["included"]] == [("batch", 1)]


def test_another_tenant_sees_nothing_of_it(office, two):
    other = Office()

    assert targets(other.call("list_batch_items")) == []
    assert targets(other.call("list_batch_items", query={"filter[batchId]": "1"})) == []
