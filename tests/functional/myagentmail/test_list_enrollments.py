"""GET /v1/cadences/{cadence_id}/enrollments"""

import pytest

from drumbeat import bootstrap
from tests.functional.myagentmail.account import inbox, with_key
from tests.functional.myagentmail.furniture import refused
from tests.functional.myagentmail.leads import Campaign


@pytest.fixture
def campaign(call):
    return Campaign(call)


def listed(campaign, **query):
    answer = campaign.call("list_enrollments", query=query or None, cadence_id=campaign.id)
    assert answer.status == 200, answer.body
    return answer.body


def test_an_empty_cadence_has_an_empty_list(campaign):
    assert listed(campaign) == {"items": [], "nextCursor": None}


def test_pages_follow_each_other_without_a_gap(campaign):
    leads = [campaign.enrol() for _ in range(5)]

    found, query = [], {"limit": "2"}
    while True:
        body = listed(campaign, **query)
        found += body["items"]
        if body["nextCursor"] is None:
            break
        query["cursor"] = body["nextCursor"]

    assert found == leads


def test_a_state_and_an_external_id_narrow_it_down(campaign):
    jane, john = campaign.enrol(), campaign.enrol()
    campaign.patch(john, {"state": "paused"})

    assert [row["id"] for row in listed(campaign, state="paused")["items"]] == [john["id"]]
    assert [row["id"] for row in listed(campaign, leadExternalId=jane["leadExternalId"])["items"]] == [jane["id"]]
    assert listed(campaign, leadExternalId="nobody's")["items"] == []
    assert listed(campaign, leadExternalId=jane["leadExternalId"], state="paused")["items"] == []


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "201"}, {"cursor": "x"}, {"state": "asleep"}])
def test_what_cannot_be_asked_is_refused_by_its_parameter(campaign, query):
    assert refused(campaign.call("list_enrollments", query=query, cadence_id=campaign.id)) == list(query)


def test_an_inbox_s_key_sees_its_own_only(campaign, call):
    jane = campaign.enrol()
    campaign.enrol(inboxId=inbox(call, email="second@acme.example"))
    mine = with_key(call, inboxId=campaign.inbox)

    body = mine("list_enrollments", cadence_id=campaign.id).body

    assert [row["id"] for row in body["items"]] == [jane["id"]]


def test_an_unknown_cadence_is_not_found(call, other):
    assert call("list_enrollments", cadence_id=Campaign(other).id).status == 404


def test_an_external_id_is_found_by_its_lock(campaign):
    jane = campaign.enrol()

    listed(campaign, leadExternalId=jane["leadExternalId"])

    assert bootstrap.ledger.datastore_requests() == 3
