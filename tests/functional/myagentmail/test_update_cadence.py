"""PATCH /v1/cadences/{cadence_id}"""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.connectors import ConnectorStore
from drumbeat.domain.sequence import SequenceStatus
from tests.contract.scene import MISSING, tenant_of
from tests.functional.myagentmail.furniture import (
    STEPS,
    cadence,
    connector_of,
    created,
    of,
    refused,
    shown,
    stored,
)
from tests.functional.outreach.furniture import act, change, made
from tests.world import confined, started

URL = "https://app.example/hooks"
ELSEWHERE = "https://app.example/elsewhere"


def patched(call, cadence_id, **fields):
    answer = call("update_cadence", fields, cadence_id=cadence_id)
    assert answer.status == 200, answer.body
    return answer.body["cadence"]


def opened(call, cadence_id):
    connector = connector_of(stored(call, cadence_id))
    return bootstrap.vault().open(connector.sealed_password, tenant=connector.tenant, sender=connector.number)


CHANGES = {
    "name": "Summer",
    "description": "Warm",
    "enabled": False,
    "businessHoursOnly": False,
    "exitOnReply": False,
    "exitOnUnsubscribe": False,
    "dailySendCap": 7,
    "webhookUrl": ELSEWHERE,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_there_changes_and_what_is_not_stays(call, name):
    before = created(call, description="Cool", webhookUrl=URL, steps=STEPS)["cadence"]

    after = patched(call, before["id"], **{name: CHANGES[name]})

    kept = before | {"webhookSecret": None, "updatedAt": after["updatedAt"]}
    assert after == kept | {name: CHANGES[name]}
    assert shown(call, before["id"]) == after


@pytest.mark.parametrize("name", ["description", "dailySendCap", "webhookUrl"])
def test_null_clears(call, name):
    mine = cadence(call, description="Cool", webhookUrl=URL)

    assert patched(call, mine, **{name: None})[name] is None
    assert shown(call, mine)[name] is None


@pytest.mark.parametrize("name", ["name", "enabled", "businessHoursOnly", "exitOnReply", "exitOnUnsubscribe"])
def test_what_cannot_be_nothing_is_refused_as_null(call, name):
    assert refused(call("update_cadence", {name: None}, cadence_id=cadence(call))) == [name]


def test_nothing_at_all_changes_nothing(call):
    mine = cadence(call, steps=STEPS)
    before = shown(call, mine)

    assert patched(call, mine) == before


def test_a_cadence_is_paused_and_goes_on(call):
    mine = cadence(call, steps=STEPS)

    states = [(patched(call, mine, enabled=on)["enabled"], stored(call, mine).status) for on in (False, False, True)]

    assert states == [
        (False, SequenceStatus.PAUSED),
        (False, SequenceStatus.PAUSED),
        (True, SequenceStatus.ACTIVE),
    ]


def test_a_cadence_without_steps_can_be_asked_to_wait_for_nothing(call):
    mine = cadence(call)

    assert [patched(call, mine, enabled=on)["enabled"] for on in (False, True)] == [False, True]
    assert stored(call, mine).status is SequenceStatus.PENDING


def test_a_campaign_is_started_and_paused_as_a_cadence(call):
    campaign = started(call.func)

    assert patched(call, campaign, enabled=True)["enabled"]
    assert call.func("get_campaign", campaign_id=campaign).body["status"] == "active"
    patched(call, campaign, enabled=False)
    assert call.func("get_campaign", campaign_id=campaign).body["status"] == "paused"


def test_the_first_app_brings_a_secret_that_is_told_once(call):
    mine = cadence(call)

    secret = patched(call, mine, webhookUrl=URL)["webhookSecret"]

    assert secret.startswith("whsec_")
    assert secret == opened(call, mine)
    assert shown(call, mine)["webhookSecret"] is None


def test_an_app_that_moves_keeps_its_secret(call):
    mine = cadence(call, webhookUrl=URL)
    before = opened(call, mine)

    assert patched(call, mine, webhookUrl=ELSEWHERE)["webhookSecret"] is None
    assert opened(call, mine) == before


def test_a_secret_is_changed_by_taking_the_app_away_and_naming_it_again(call):
    made_with = created(call, webhookUrl=URL)["cadence"]
    patched(call, made_with["id"], webhookUrl=None)
    assert connector_of(stored(call, made_with["id"])).sealed_password == ""

    again = patched(call, made_with["id"], webhookUrl=URL)

    assert again["webhookSecret"] not in (None, made_with["webhookSecret"])
    assert again["webhookSecret"] == opened(call, made_with["id"])


def test_a_campaign_gets_a_connector_when_somebody_names_an_app_for_it(call):
    campaign = started(call.func)

    told = patched(call, campaign, webhookUrl=URL)

    assert told["webhookUrl"] == URL
    assert told["webhookSecret"] == opened(call, campaign)
    assert patched(call, campaign, webhookUrl=None)["webhookUrl"] is None


def test_a_campaign_without_an_app_can_be_left_without(call):
    campaign = started(call.func)

    patched(call, campaign, webhookUrl=None)

    assert stored(call, campaign).connector is None


def test_two_who_name_the_first_app_at_once_make_one_connector(call, monkeypatch):
    campaign, attach, others = started(call.func), ConnectorStore.attach, []

    def overtaken(store, *args):
        if not others:
            others.append(None)
            others.append(patched(call, campaign, webhookUrl=ELSEWHERE)["webhookSecret"])
        return attach(store, *args)

    monkeypatch.setattr(ConnectorStore, "attach", overtaken)

    told = patched(call, campaign, webhookUrl=URL)

    assert (told["webhookUrl"], told["webhookSecret"]) == (URL, None)
    assert opened(call, campaign) == others[1]


def test_changes_of_hours_and_cap_do_not_undo_each_other(call):
    mine = cadence(call)

    patched(call, mine, dailySendCap=9)
    patched(call, mine, businessHoursOnly=False)
    patched(call, mine, businessHoursOnly=True)

    told = shown(call, mine)
    assert (told["dailySendCap"], told["businessHoursOnly"]) == (9, True)
    assert stored(call, mine).hours is not None


def test_a_schedule_of_our_own_api_is_kept_by_what_a_cadence_changes(call):
    mine = cadence(call)
    week = {"monday": [{"from": "10:00", "to": "12:00"}]}
    asked = {"business_hours_only": True, "time_zone": "Asia/Tokyo", "week": week, "daily_cap": 5}
    set_by_us = call("set_schedule", asked, group="drumbeat", sequence_id=mine)
    assert set_by_us.status == 200, set_by_us.body

    patched(call, mine, dailySendCap=6)

    assert stored(call, mine).hours.zone == "Asia/Tokyo"
    assert shown(call, mine)["dailySendCap"] == 6


def test_a_name_that_changes_at_the_same_moment_is_not_lost(call):
    outreach = of(call, "outreach")
    number = made(outreach, "sequence", {"name": "Summer"})
    (row,) = call("list_cadences").body["items"]

    patched(call, row["id"], exitOnReply=False)
    change(outreach, "sequence", number, {"name": "Autumn"})
    patched(call, row["id"], description="Cold")

    assert shown(call, row["id"])["name"] == "Autumn"
    assert act(outreach, "get_sequence", number).body["data"]["attributes"]["description"] == "Cold"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"dailySendCap": 0}, "dailySendCap"),
        ({"enabled": 0}, "enabled"),
        ({"webhookUrl": "ftp://app.example"}, "webhookUrl"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_of_it_happens(call, fields, named):
    mine = cadence(call, steps=STEPS)
    before = shown(call, mine)

    assert refused(call("update_cadence", {"description": "x"} | fields, cadence_id=mine)) == [named]
    assert shown(call, mine) == before


def test_steps_are_not_changed_here_and_that_is_said(call):
    mine = cadence(call, steps=STEPS)

    answer = call("update_cadence", {"steps": []}, cadence_id=mine)

    assert answer.headers["X-Unknown-Fields"] == "steps"
    assert len(answer.body["steps"]) == len(STEPS)


def test_another_tenant_s_cadence_looks_like_a_missing_one(call, other):
    mine = cadence(call)

    answers = [other("update_cadence", {"name": "x"}, cadence_id=each) for each in (mine, MISSING)]

    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].body == answers[1].body
    assert shown(call, mine)["name"] == "Spring"


@pytest.mark.parametrize(
    ("reach", "status"),
    [
        ({"workspace": 1}, 200),
        ({"workspace": 2}, 404),
        ({"workspace": 1, "sender": 3}, 403),
        ({"workspace": 2, "sender": 3}, 404),
    ],
)
def test_who_may_change_a_workspace_s_cadence(call, reach, status):
    made_inside = confined(call.func, workspace=1)("create_cadence", {"name": "Spring"}, group="myagentmail")

    answer = confined(call.func, **reach)(
        "update_cadence", {"name": "x"}, group="myagentmail", cadence_id=made_inside.body["cadence"]["id"]
    )

    assert answer.status == status


def test_a_change_wakes_nobody_of_another_tenant(call, other):
    mine = cadence(call, steps=STEPS)

    patched(call, mine, enabled=True, dailySendCap=3)

    assert list(bootstrap.sequences().all_senders(tenant_of(other.func))) == []
