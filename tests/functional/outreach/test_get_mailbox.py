"""GET /api/v2/mailboxes/{id}"""

import json

from tests.functional.outreach.furniture import MAILBOX, act, made, mailbox, shown


def test_a_mailbox_is_shown_without_what_it_logs_in_with(call):
    data = shown(call, "mailbox", mailbox(call))

    assert data["attributes"]["email"] == "ann@acme.example"
    assert "hunter2" not in json.dumps(data)
    assert "sealed" not in json.dumps(data)


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = mailbox(call)

    assert [act(other, "get_mailbox", number).status, act(call, "get_mailbox", 99).status] == [404, 404]


def test_whose_it_is_comes_along_when_asked(call):
    user = made(call, "user", {"email": "ann@acme.example"})
    number = made(call, "mailbox", MAILBOX, user=user)

    answer = act(call, "get_mailbox", number, query={"include": "user"})

    assert [(entry["type"], entry["id"]) for entry in answer.body["included"]] == [("user", user)]
