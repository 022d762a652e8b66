"""GET /v1/cadences"""

import pytest

from drumbeat import bootstrap
from tests.functional.outreach.furniture import made
from tests.world import started


def test_a_tenant_without_cadences_has_an_empty_list(call):
    answer = call("list_cadences")

    assert answer.status == 200
    assert answer.body == {"items": [], "nextCursor": None}


def test_campaigns_and_sequences_are_cadences_oldest_first(call):
    campaign = started(call.func)
    made(lambda *args, **options: call(*args, **options | {"group": "outreach"}), "sequence", {"name": "Summer"})

    first, second = call("list_cadences").body["items"]

    assert first == {
        "id": campaign,
        "name": "Spring",
        "enabled": False,
        "dailySendCap": None,
        "createdAt": first["createdAt"],
        "stepsCount": 2,
    }
    assert (second["name"], second["stepsCount"]) == ("Summer", 0)


def test_pages_follow_each_other_without_a_gap(call):
    wanted = [started(call.func, name=f"Spring {place}") for place in range(5)]

    found, query = [], {"limit": "2"}
    while True:
        body = call("list_cadences", query=query).body
        found += [row["id"] for row in body["items"]]
        if body["nextCursor"] is None:
            break
        query["cursor"] = body["nextCursor"]

    assert found == wanted


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"cursor": "x"}])
def test_a_page_that_cannot_be_is_refused_by_its_parameter(call, query):
    answer = call("list_cadences", query=query)

    assert (answer.status, answer.body["code"]) == (400, "validation_failed")
    assert [entry["field"] for entry in answer.body["details"]] == list(query)
    assert answer.body["error"].startswith(next(iter(query)))


def test_another_tenant_sees_nothing_and_its_cursor_is_none_of_ours(call, other):
    campaign = started(call.func)

    assert other("list_cadences").body["items"] == []
    assert other("list_cadences", query={"cursor": campaign}).status == 400


def test_the_key_may_come_in_either_header(call):
    nobody = type(call.func)("")

    found = nobody("list_cadences", group="myagentmail", headers={"X-API-Key": call.func.key})

    assert found.status == call("list_cadences").status == 200


def test_without_a_key_there_is_nothing(call):
    answer = type(call.func)("")("list_cadences", group="myagentmail")

    assert (answer.status, set(answer.body)) == (401, {"error", "code"})


def test_a_short_list_costs_one_request(call):
    started(call.func)
    call("list_cadences")

    call("list_cadences")

    assert bootstrap.ledger.datastore_requests() == 1
