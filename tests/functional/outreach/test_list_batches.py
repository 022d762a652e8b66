"""GET /api/v2/batches"""

import pytest

from tests.functional.outreach.bulk import ASKING, Office, worked


@pytest.fixture
def office(stack):
    return Office()


@pytest.fixture
def three(office):
    """Batch 1 finished, 2 waits, 3 was canceled."""
    office.start("prospectsAddTags", {"ids": [1, 2], "tags": ["x"]})
    office.start("accountAddTags", {"ids": [1], "tags": ["x"]}, query=ASKING)
    office.start("prospectsPauseAll", {"ids": [1, 2, 3]}, query=ASKING)
    worked()
    office.call("cancel_batch", id="3")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"filter[state]": "finished"}, [1]),
        ({"filter[state]": "confirming,canceled"}, [2, 3]),
        ({"filter[action]": "accountAddTags"}, [2]),
        ({"filter[total]": "2..inf"}, [1, 3]),
        ({"filter[id]": "3"}, [3]),
        ({"sort": "-createdAt,-id"}, [3, 2, 1]),
        ({"sort": "state"}, [3, 2, 1]),
        ({"sort": "-total", "page[size]": "2"}, [3, 1]),
    ],
)
def test_what_a_query_finds(office, three, query, numbers):
    answer = office.call("list_batches", query=query)

    assert answer.status == 200, answer.body
    assert [batch["id"] for batch in answer.body["data"]] == numbers


@pytest.mark.parametrize("query", [{"filter[pending]": "1"}, {"sort": "action"}, {"include": "batchItems"}])
def test_what_the_contract_does_not_list_is_refused(office, query):
    assert office.call("list_batches", query=query).status == 422


def test_another_tenant_sees_nothing_of_it(office, three):
    assert Office().call("list_batches").body["data"] == []
