"""POST /v1/keys"""

import pytest

from tests.contract.scene import MISSING, everything
from tests.faults import Crash, fault
from tests.functional.myagentmail.account import ids, inbox, with_key, workspace
from tests.world import Caller, with_scopes


def test_a_key_s_text_is_in_the_first_answer_and_nowhere_else(call):
    once = {"headers": {"Idempotency-Key": "k"}}

    first, again = call("create_key", {"name": "runner"}, **once), call("create_key", {"name": "runner"}, **once)

    assert first.status == again.status == 201
    text = first.body["key"].pop("key")
    assert first.body == again.body
    assert text.startswith("tk_")
    assert first.body["key"]["prefix"] == text[:12]
    assert text not in repr(everything())
    assert Caller(text)("list_inboxes", group="myagentmail").status == 200


def test_said_again_after_a_crash_there_is_one_key_and_its_text_works(call):
    once = {"headers": {"Idempotency-Key": "k"}}
    call("list_keys")
    with fault(0, after=True) as counted:
        call("create_key", {}, headers={"Idempotency-Key": "calm"})
    call.func.context.remaining = -1000  # the dead attempt's lock has run out by the time of the retry
    kept_at = counted.calls.index("TransactWriteItems") + 1
    with fault(kept_at, after=True), pytest.raises(Crash):
        call("create_key", {"name": "runner"}, **once)

    text = call("create_key", {"name": "runner"}, **once).body["key"]["key"]

    assert [row["name"] for row in call("list_keys").body["items"]].count("runner") == 1
    assert Caller(text)("list_inboxes", group="myagentmail").status == 200


def test_a_key_of_the_whole_account_works_in_every_api(call):
    text = call("create_key", {}).body["key"]["key"]

    assert Caller(text)("list_campaigns").status == 200


def test_a_key_says_what_it_is_confined_to(call):
    here = workspace(call)
    agent = inbox(call, workspaceId=here)

    of_workspace = call("create_key", {"workspaceId": here}).body["key"]
    of_inbox = call("create_key", {"inboxId": agent}).body["key"]

    assert (of_workspace["key"][:3], of_workspace["workspaceId"], of_workspace["inboxId"]) == ("wk_", here, None)
    assert (of_inbox["key"][:3], of_inbox["workspaceId"], of_inbox["inboxId"]) == ("ak_", here, agent)


def test_a_confined_key_makes_keys_of_its_own_workspace_only(call):
    here, there = workspace(call), workspace(call, "Asia")
    mine, foreign, stray = inbox(call, workspaceId=here), inbox(call, workspaceId=there), inbox(call)
    confined = with_key(call, workspaceId=here)

    assert confined("create_key", {}).body["key"]["workspaceId"] == here
    assert confined("create_key", {"workspaceId": here}).body["key"]["workspaceId"] == here
    assert confined("create_key", {"inboxId": mine}).body["key"]["inboxId"] == mine
    beyond = [{"workspaceId": there}, {"inboxId": foreign}, {"inboxId": stray}]
    assert [confined("create_key", body).status for body in beyond] == [404] * 3
    assert ids(with_key(confined), "list_workspaces") == [here]


def test_a_key_of_an_inbox_makes_none(call):
    agent = with_key(call, inboxId=inbox(call))
    before = len(ids(call, "list_keys"))

    assert agent("create_key", {}).status == 403
    assert len(ids(call, "list_keys")) == before


def test_a_new_key_has_the_scopes_of_the_one_that_made_it(call):
    maker = with_scopes(call.func, "api_keys:write", "inboxes:read")

    text = maker("create_key", {}, group="myagentmail").body["key"]["key"]

    assert Caller(text)("list_inboxes", group="myagentmail").status == 200
    assert Caller(text)("create_workspace", {"name": "x"}, group="myagentmail").status == 403


@pytest.mark.parametrize("field", ["workspaceId", "inboxId"])
def test_what_is_not_there_cannot_be_confined_to(call, other, field):
    foreign = {"workspaceId": workspace(other), "inboxId": inbox(other)}[field]

    answers = [call("create_key", {field: spelled}) for spelled in (foreign, MISSING, "x")]

    assert [answer.status for answer in answers] == [404] * 3
    assert len(ids(call, "list_keys")) == 1


def test_a_key_is_confined_once(call):
    here = workspace(call)

    answer = call("create_key", {"workspaceId": here, "inboxId": inbox(call, workspaceId=here)})

    assert (answer.status, answer.body["code"]) == (400, "validation_failed")
