"""POST /v1/inboxes"""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from tests.contract.scene import MISSING, everything, is_instant, tenant_of
from tests.functional.myagentmail.account import IMAP, INBOX, SMTP, ids, inbox, with_key, workspace


def _kept(call, spelled):
    tenant = tenant_of(call.func)
    return bootstrap.sequences().sender(tenant, resource_number(Kind.SENDER, tenant, spelled))


def test_an_inbox_is_shown_with_everything_but_its_passwords(call):
    body = INBOX | {"imap": IMAP, "dailyLimit": 40, "dailyMails": 90, "paceSeconds": [60, 180]}

    answer = call("create_inbox", body)

    assert answer.status == 201
    made = answer.body["inbox"]
    assert is_instant(made.pop("createdAt"))
    assert is_instant(made.pop("updatedAt"))
    assert made == {
        "id": made["id"],
        "email": "ann@acme.example",
        "name": "Ann",
        "workspaceId": None,
        "kind": "smtp",
        "smtp": {"host": "smtp.acme.example", "port": 587, "username": "ann"},
        "imap": {"host": "imap.acme.example", "port": 993, "username": "ann"},
        "dailyLimit": 40,
        "dailyMails": 90,
        "paceSeconds": [60, 180],
        "enabled": True,
        "disabledReason": None,
        "restingUntil": None,
        "lastError": None,
    }


def test_its_passwords_are_sealed_for_it_alone(call):
    spelled = inbox(call, imap=IMAP)

    sender = _kept(call, spelled)
    options = {"tenant": sender.tenant, "sender": sender.number}
    assert bootstrap.vault().open(sender.sealed_password, **options) == "open sesame"
    assert bootstrap.vault().open(sender.imap.sealed_password, **options) == "hidden treasure"
    assert not [text for text in ("open sesame", "hidden treasure") if text in repr(everything())]


def test_one_of_the_operator_s_ses_needs_no_server(call):
    answer = call("create_inbox", {"email": "ann@acme.example", "ses": {}})

    made = answer.body["inbox"]
    assert (answer.status, made["kind"], made["smtp"], made["dailyLimit"]) == (201, "ses", None, 50)
    assert _kept(call, made["id"]).sealed_password == ""


def test_it_is_a_mailbox_of_the_other_apis_too(call):
    inbox(call)

    (mailbox,) = call.func("list_mailboxes", group="outreach").body["data"]
    assert mailbox["attributes"]["email"] == "ann@acme.example"


def test_the_same_call_once_more_makes_no_second(call):
    answers = [call("create_inbox", INBOX, headers={"Idempotency-Key": "i"}) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(ids(call, "list_inboxes")) == 1


def test_two_workspaces_that_choose_one_idempotency_key_do_not_meet(call):
    keys = [with_key(call, workspaceId=workspace(call, name)) for name in ("Europe", "Asia")]

    answers = [key("create_inbox", INBOX, headers={"Idempotency-Key": "same"}) for key in (*keys, *keys)]

    assert answers[0].body == answers[2].body != answers[1].body == answers[3].body
    assert len(ids(call, "list_inboxes")) == 2


def test_what_a_confined_key_makes_belongs_to_its_workspace(call):
    here, there = workspace(call), workspace(call, "Asia")
    confined = with_key(call, workspaceId=here)

    made = [confined("create_inbox", INBOX | extra) for extra in ({}, {"workspaceId": here}, {"workspaceId": there})]

    assert [answer.status for answer in made] == [201, 201, 404]
    assert {answer.body["inbox"]["workspaceId"] for answer in made[:2]} == {here}


def test_a_key_of_an_inbox_makes_none(call):
    agent = with_key(call, inboxId=inbox(call))

    assert agent("create_inbox", INBOX).status == 403
    assert len(ids(call, "list_inboxes")) == 1


@pytest.mark.parametrize("spelled", [MISSING, "x"])
def test_a_workspace_that_is_not_there_is_named(call, spelled):
    answer = call("create_inbox", INBOX | {"workspaceId": spelled})

    assert (answer.status, answer.body["error"]) == (404, "Workspace not found.")
    assert ids(call, "list_inboxes") == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": None}, "email"),
        ({"name": "two\nlines"}, "name"),
        ({"smtp": None}, ""),
        ({"ses": {}}, ""),
        ({"smtp": {}}, "smtp.host"),
        ({"smtp": SMTP | {"host": "a b"}}, "smtp.host"),
        ({"smtp": SMTP | {"port": 0}}, "smtp.port"),
        ({"smtp": SMTP | {"port": True}}, "smtp.port"),
        ({"smtp": SMTP | {"password": ""}}, "smtp.password"),
        ({"imap": {"host": "imap.acme.example"}}, "imap.port"),
        ({"dailyLimit": 0}, "dailyLimit"),
        ({"dailyLimit": None}, "dailyLimit"),
        ({"dailyMails": 0}, "dailyMails"),
        ({"paceSeconds": [60]}, "paceSeconds"),
        ({"paceSeconds": [60, -1]}, "paceSeconds.1"),
        ({"paceSeconds": [180, 60]}, ""),
        ({"workspaceId": 5}, "workspaceId"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(call, change, field):
    answer = call("create_inbox", INBOX | change)

    assert (answer.status, answer.body["code"]) == (400, "validation_failed"), answer
    assert field in [entry["field"] for entry in answer.body["details"]], answer.body
    assert "open sesame" not in repr(answer)
    assert ids(call, "list_inboxes") == []
