"""DELETE /v1/cadences/{cadence_id}"""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from tests.contract.scene import MISSING, tenant_of
from tests.functional.myagentmail.account import ids
from tests.functional.myagentmail.furniture import EMAIL, STEPS, cadence, connector_of, shown, somebody_in, stored
from tests.world import confined, started


def test_it_is_gone_with_its_connector(call):
    mine = cadence(call, steps=STEPS, webhookUrl="https://app.example/hooks")
    connector = connector_of(stored(call, mine))

    answer = call("delete_cadence", cadence_id=mine)

    assert (answer.status, answer.body) == (200, {"ok": True})
    assert call("get_cadence", cadence_id=mine).status == 404
    assert bootstrap.sequences().sender(connector.tenant, connector.number) is None


def test_a_campaign_is_deleted_with_its_credentials(call):
    campaign = started(call.func)

    assert call("delete_cadence", cadence_id=campaign).status == 200
    assert call.func("get_campaign", campaign_id=campaign).status == 404
    assert list(bootstrap.sequences().all_senders(tenant_of(call.func))) == []


def test_a_campaign_stays_while_a_lead_of_another_cadence_waits_for_its_inbox(call, monkeypatch):
    campaign, other_one = started(call.func), cadence(call, steps=[EMAIL])
    lead = {"leadExternalId": "crm-1", "leadEmail": "bo@corp.example", "inboxId": ids(call, "list_inboxes")[0]}
    assert call("create_enrollment", lead, cadence_id=other_one).body["created"]
    later = clock.now() + HOUR
    monkeypatch.setattr(clock, "now", lambda: later)

    answer = call("delete_cadence", cadence_id=campaign)

    assert (answer.status, answer.body["code"]) == (409, "still_in_use")
    assert call.func("get_campaign", campaign_id=campaign).status == 200


@pytest.mark.parametrize(
    "state", [EnrollmentState.ACTIVE, EnrollmentState.PAUSED, EnrollmentState.HELD, EnrollmentState.PARKED]
)
def test_it_stays_while_somebody_is_on_the_way_and_says_how_many(call, state):
    mine = cadence(call, steps=STEPS)
    for contact in (7, 8, 9):
        somebody_in(call, mine, contact, state)
    somebody_in(call, mine, 10, EnrollmentState.REPLIED)

    answer = call("delete_cadence", cadence_id=mine)

    assert (answer.status, answer.body["code"]) == (409, "still_in_use")
    assert answer.body["details"] == {"running": 3}
    assert "3 enrollments" in answer.body["error"]
    assert shown(call, mine)["id"] == mine


def test_it_goes_when_everybody_is_through(call):
    mine = cadence(call, steps=STEPS)
    over = ("FINISHED", "REPLIED", "BOUNCED", "UNSUBSCRIBED", "REMOVED", "FAILED")
    for contact, state in enumerate(over, 1):
        somebody_in(call, mine, contact, EnrollmentState[state])

    assert call("delete_cadence", cadence_id=mine).status == 200


def test_another_tenant_s_cadence_looks_like_a_missing_one(call, other):
    mine = cadence(call)

    answers = [other("delete_cadence", cadence_id=each) for each in (mine, MISSING)]

    assert [answer.status for answer in answers] == [404, 404]
    assert shown(call, mine)["id"] == mine


def test_a_key_of_one_inbox_deletes_nothing(call):
    mine = confined(call.func, workspace=1)("create_cadence", {"name": "x"}, group="myagentmail").body["cadence"]["id"]

    answer = confined(call.func, workspace=1, sender=2)("delete_cadence", group="myagentmail", cadence_id=mine)

    assert answer.status == 403
    assert shown(call, mine)["id"] == mine
