"""POST /api/v2/mailboxes"""

import json

import pytest

from drumbeat import bootstrap
from tests.contract.scene import tenant_of
from tests.functional.outreach.furniture import MAILBOX, create, found, made, pointer, related


def test_a_mailbox_is_made_with_the_recommended_limits_and_shows_no_login(call):
    answer = create(call, "mailbox", MAILBOX)

    assert answer.status == 201
    attributes = answer.body["data"]["attributes"]
    assert attributes["email"] == "ann@acme.example"
    assert (attributes["maxMailingsPerDay"], attributes["maxMailingsPerWeek"]) == (500, 5_000)
    assert (attributes["sendPeriod"], attributes["sendThreshold"]) == (60, 2)
    assert (attributes["sendMethod"], attributes["sendDisabled"]) == ("smtp", False)
    assert "hunter2" not in json.dumps(answer.body)
    assert not [name for name in attributes if name.startswith("smtp")]


def test_its_password_is_sealed_and_its_limits_hold(call):
    limits = {"maxMailingsPerDay": 100, "maxMailingsPerWeek": 70, "sendPeriod": 100, "sendThreshold": 3}

    number = made(call, "mailbox", MAILBOX | limits)

    sender = bootstrap.sequences().sender(tenant_of(call.func), number)
    assert (sender.sequence, sender.daily_mails, sender.daily_limit) == (None, 10, 10)
    assert sender.pace == (34, 34)
    assert "hunter2" not in repr(sender)


def test_it_belongs_to_a_user(call):
    user = made(call, "user", {"email": "ann@acme.example"})

    data = create(call, "mailbox", MAILBOX, relationships=related(user=user)).body["data"]

    assert data["relationships"]["user"]["data"] == {"type": "user", "id": user}
    assert data["attributes"]["userId"] == user


def test_one_that_is_switched_off_says_so(call):
    data = create(call, "mailbox", MAILBOX | {"sendDisabled": True}).body["data"]

    assert data["attributes"]["sendDisabled"] is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "nobody"),
        ("smtpHost", "a b"),
        ("smtpPort", 0),
        ("smtpPort", "smtp"),
        ("smtpUsername", None),
        ("smtpPassword", ""),
        ("sendMethod", "sendgrid"),
        ("maxMailingsPerDay", 0),
        ("maxMailingsPerWeek", 6),
        ("sendPeriod", 0),
        ("sendThreshold", None),
        ("userId", 1),
        ("validateSend", True),
    ],
)
def test_what_is_no_mailbox_is_refused_with_a_pointer_and_the_password_is_in_no_answer(call, name, value):
    answer = create(call, "mailbox", MAILBOX | {name: value})

    assert pointer(answer) == f"/data/attributes/{name}"
    assert "hunter2" not in json.dumps(answer.body)
    assert found(call, "mailboxes") == []


def test_a_user_who_is_nobody_is_refused(call):
    answer = create(call, "mailbox", MAILBOX, relationships=related(user=99))

    assert pointer(answer) == "/data/relationships/user"
    assert found(call, "mailboxes") == []


def test_the_same_call_under_one_key_makes_one_mailbox(call):
    answers = [create(call, "mailbox", MAILBOX, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(found(call, "mailboxes")) == 1
