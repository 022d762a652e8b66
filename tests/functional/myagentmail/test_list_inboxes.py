"""GET /v1/inboxes"""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.sequence import SenderKind
from tests.contract.scene import tenant_of
from tests.functional.myagentmail.account import ids, inbox, with_key, workspace
from tests.functional.outreach.furniture import mailbox
from tests.world import started


def test_inboxes_of_every_api_are_listed_oldest_first(call):
    started(call.func)
    mailbox(lambda *args, **options: call.func(*args, group="outreach", **options))
    inbox(call, email="bob@acme.example")

    emails = [row["email"] for row in call("list_inboxes").body["items"]]

    assert emails == ["ann@acme.example", "ann@acme.example", "bob@acme.example"]


def test_pages_follow_each_other_without_a_gap(call):
    made = [inbox(call) for _ in range(5)]

    found, cursor = [], {}
    while cursor is not None:
        body = call("list_inboxes", query={"limit": "2"} | cursor).body
        found += [row["id"] for row in body["items"]]
        cursor = body["nextCursor"] and {"cursor": body["nextCursor"]}

    assert found == made


def test_what_stands_for_the_tenant_s_app_is_no_inbox(call):
    spelled = inbox(call)
    tenant = tenant_of(call.func)
    sender = bootstrap.sequences().sender(tenant, resource_number(Kind.SENDER, tenant, spelled))
    bootstrap.sequences().update_sender(replace(sender, kind=SenderKind.CONNECTOR))

    assert ids(call, "list_inboxes") == []
    assert call("get_inbox", inbox_id=spelled).status == 404
    assert call("update_inbox", {"dailyLimit": 7}, inbox_id=spelled).status == 404
    assert call("delete_inbox", inbox_id=spelled).status == 404
    assert call("create_key", {"inboxId": spelled}).status == 404


def test_a_confined_key_sees_those_of_its_workspace_and_an_inbox_s_key_its_own(call):
    here = workspace(call)
    mine, beside, stray = inbox(call, workspaceId=here), inbox(call, workspaceId=here), inbox(call)

    assert ids(call, "list_inboxes") == [mine, beside, stray]
    assert ids(with_key(call, workspaceId=here), "list_inboxes") == [mine, beside]
    assert ids(with_key(call, inboxId=beside), "list_inboxes") == [beside]
    assert ids(with_key(call, inboxId=stray), "list_inboxes") == [stray]


def test_no_password_is_in_any_answer(call):
    spelled = inbox(call)

    answers = [call("list_inboxes"), call("get_inbox", inbox_id=spelled)]

    assert not [answer for answer in answers if "sesame" in repr(answer) or "sealed" in repr(answer)]


def test_another_tenant_sees_nothing(call, other):
    inbox(call)

    assert ids(other, "list_inboxes") == []
