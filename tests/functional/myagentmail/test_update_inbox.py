"""PATCH /v1/inboxes/{inbox_id}"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.entrypoints import clock
from tests.contract.scene import tenant_of
from tests.functional.myagentmail.account import IMAP, SMTP, inbox, with_key, workspace


def _kept(call, spelled):
    tenant = tenant_of(call.func)
    return bootstrap.sequences().sender(tenant, resource_number(Kind.SENDER, tenant, spelled))


def _update(call, spelled, body):
    answer = call("update_inbox", body, inbox_id=spelled)
    assert answer.status == 200, answer
    return answer.body["inbox"]


def test_what_is_given_changes_and_the_rest_stays(call):
    spelled = inbox(call, imap=IMAP, paceSeconds=[60, 180], dailyMails=90)
    before = call("get_inbox", inbox_id=spelled).body["inbox"]

    after = _update(call, spelled, {"dailyLimit": 7, "name": "Annie"})

    assert after | {"updatedAt": None} == before | {"dailyLimit": 7, "name": "Annie", "updatedAt": None}
    assert _update(call, spelled, {}) | {"updatedAt": None} == after | {"updatedAt": None}


def test_null_ends_what_an_inbox_can_be_without(call):
    spelled = inbox(call, imap=IMAP, paceSeconds=[60, 180], dailyMails=90)

    after = _update(call, spelled, {"imap": None, "paceSeconds": None, "dailyMails": None})

    assert (after["imap"], after["paceSeconds"], after["dailyMails"]) == (None, None, None)
    assert _kept(call, spelled).imap is None


@pytest.mark.parametrize("field", ["email", "name", "smtp", "dailyLimit", "enabled"])
def test_null_is_refused_for_the_rest(call, field):
    answer = call("update_inbox", {field: None}, inbox_id=inbox(call))

    assert (answer.status, [entry["field"] for entry in answer.body["details"]]) == (400, [field])


def test_a_new_password_is_sealed_and_takes_the_old_one_s_place(call):
    spelled = inbox(call)

    _update(call, spelled, {"smtp": {"password": "changed"}, "imap": IMAP})

    sender = _kept(call, spelled)
    options = {"tenant": sender.tenant, "sender": sender.number}
    assert bootstrap.vault().open(sender.sealed_password, **options) == "changed"
    assert bootstrap.vault().open(sender.imap.sealed_password, **options) == "hidden treasure"
    assert sender.host == SMTP["host"]


def test_another_server_gets_no_password_that_was_not_given_for_it(call):
    spelled = inbox(call)

    refused = call("update_inbox", {"smtp": {"host": "evil.example"}}, inbox_id=spelled)

    assert (refused.status, refused.body["details"][0]["field"]) == (400, "smtp.password")
    assert _kept(call, spelled).host == SMTP["host"]
    moved = _update(call, spelled, {"smtp": {"host": "new.example", "password": "changed"}})
    assert moved["smtp"]["host"] == "new.example"


def test_one_of_ses_has_no_server_to_change(call):
    made = call("create_inbox", {"email": "ann@acme.example", "ses": {}}).body["inbox"]["id"]

    answer = call("update_inbox", {"smtp": {"username": "ann"}}, inbox_id=made)

    assert (answer.status, answer.body["details"][0]["field"]) == (400, "smtp")


def test_an_inbox_is_switched_off_and_on_again(call):
    spelled = inbox(call)

    off = _update(call, spelled, {"enabled": False})
    on = _update(call, spelled, {"enabled": True})

    assert (off["enabled"], off["disabledReason"]) == (False, "switched off by a user")
    assert (on["enabled"], on["disabledReason"]) == (True, None)


def test_a_change_ends_its_rest(call):
    spelled = inbox(call)
    resting = replace(_kept(call, spelled), resting_until=clock.now() + 10**6, trouble="no answer", troubles=1)
    bootstrap.sequences().update_sender(resting)
    shown = call("get_inbox", inbox_id=spelled).body["inbox"]

    after = _update(call, spelled, {"smtp": {"password": "changed"}})

    assert shown["lastError"] == "no answer"
    assert (after["restingUntil"], after["lastError"]) == (None, None)


def test_an_inbox_stays_in_its_workspace(call):
    here, there = workspace(call), workspace(call, "Asia")
    spelled = inbox(call, workspaceId=here)

    answer = call("update_inbox", {"workspaceId": there}, inbox_id=spelled)

    assert answer.headers["X-Unknown-Fields"] == "workspaceId"
    assert answer.body["inbox"]["workspaceId"] == here


def test_only_what_administers_it_changes_it(call):
    here = workspace(call)
    mine, stray = inbox(call, workspaceId=here), inbox(call)
    confined, agent = with_key(call, workspaceId=here), with_key(call, inboxId=mine)

    assert _update(confined, mine, {"dailyLimit": 7})["dailyLimit"] == 7
    assert confined("update_inbox", {"dailyLimit": 7}, inbox_id=stray).status == 404
    assert agent("update_inbox", {"dailyLimit": 8}, inbox_id=mine).status == 403
    assert _kept(call, mine).daily_limit == 7
