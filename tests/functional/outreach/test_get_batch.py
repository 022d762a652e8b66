"""GET /api/v2/batches/{id}"""

import pytest

from tests.functional.outreach.bulk import Office, worked


@pytest.fixture
def office(stack):
    return Office()


def test_a_batch_counts_what_failed_by_code_and_says_what_it_was_told(office):
    told = {"ids": [1, 998, 999], "fieldName": "title", "fieldValue": "CEO"}
    number = office.start("prospectsBulkModify", told).body["data"]["id"]
    worked()

    answer = office.call("get_batch", id=str(number))

    attributes = answer.body["data"]["attributes"]
    assert attributes["payload"] == {"title": "CEO"}
    assert attributes["summary"] == {"failures": {"NOT_FOUND": 2}}
    assert (attributes["total"], attributes["failures"], attributes["pending"]) == (3, 2, 0)
    instants = [attributes[name] for name in ("createdAt", "startedAt", "finishedAt", "updatedAt")]
    assert instants == sorted(instants)
    assert attributes["canceledAt"] is None
    assert answer.body["data"]["relationships"]["creator"] == {"data": None}


def test_it_is_shown_with_the_fields_that_are_wanted(office):
    number = office.start("prospectsDestroyAll", {"ids": [1]}).body["data"]["id"]

    answer = office.call("get_batch", id=str(number), query={"fields[batch]": "state"})

    assert answer.body["data"]["attributes"] == {"state": "pending"}


def test_no_such_batch_is_not_found(office):
    number = office.start("prospectsDestroyAll", {"ids": [1]}).body["data"]["id"]
    missing, foreign = office.call("get_batch", id="999"), Office().call("get_batch", id=str(number))

    assert (missing.status, missing.body["errors"][0]["detail"]) == (404, "Could not find 'batch' with ID '999'.")
    assert (foreign.status, foreign.body["errors"][0]["id"]) == (404, "resourceNotFound")
