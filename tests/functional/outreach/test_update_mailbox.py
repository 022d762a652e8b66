"""PATCH /api/v2/mailboxes/{id}"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from tests.contract.scene import tenant_of
from tests.functional.outreach.furniture import change, found, mailbox, pointer, shown
from tests.world import started


def stored(call, number):
    return bootstrap.sequences().sender(tenant_of(call.func), number)


def test_limits_change_one_by_one(call):
    number = mailbox(call, maxMailingsPerDay=50, sendThreshold=1)

    answer = change(call, "mailbox", number, {"maxMailingsPerWeek": 140, "sendPeriod": 30})

    assert answer.status == 200
    assert answer.body["data"] == shown(call, "mailbox", number)
    sender = stored(call, number)
    assert (sender.daily_mails, sender.daily_limit, sender.pace) == (20, 20, (30, 30))
    assert answer.body["data"]["attributes"]["maxMailingsPerDay"] == 50


def test_a_new_password_is_sealed_and_the_rest_stays(call):
    number = mailbox(call)
    before = stored(call, number)

    change(call, "mailbox", number, {"smtpPassword": "hunter3"})

    after = stored(call, number)
    assert after.sealed_password != before.sealed_password
    assert "hunter3" not in repr(after)
    unchanged = {"sealed_password": "", "updated_at": 0}
    assert replace(after, **unchanged) == replace(before, **unchanged)


@pytest.mark.parametrize("server", [{"smtpHost": "elsewhere.example"}, {"smtpPort": 26}])
def test_a_kept_password_goes_to_no_other_server(call, server):
    number = mailbox(call)
    before = stored(call, number)

    assert pointer(change(call, "mailbox", number, server)) == "/data/attributes/smtpPassword"
    assert stored(call, number) == before
    assert change(call, "mailbox", number, server | {"smtpPassword": "hunter3"}).status == 200


def test_switching_it_off_and_on(call):
    number = mailbox(call)

    off = change(call, "mailbox", number, {"sendDisabled": True}).body["data"]["attributes"]
    on = change(call, "mailbox", number, {"sendDisabled": False}).body["data"]["attributes"]

    assert (off["sendDisabled"], on["sendDisabled"]) == (True, False)
    assert stored(call, number).disabled_at is None


def test_a_sender_of_a_campaign_can_be_changed_as_well(call):
    started(call.func)
    (number,) = found(call, "mailboxes")

    assert change(call, "mailbox", number, {"maxMailingsPerDay": 7}).status == 200
    assert stored(call, number).daily_mails == 7


def test_a_user_who_is_nobody_is_refused_and_nothing_changes(call):
    number = mailbox(call)

    assert change(call, "mailbox", number, {"fromName": "Zoe"}, user=99).status == 422
    assert shown(call, "mailbox", number)["attributes"]["fromName"] == "Ann"


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = mailbox(call)

    answers = change(other, "mailbox", number, {"fromName": "x"}), change(call, "mailbox", 99, {"fromName": "x"})

    assert [answer.status for answer in answers] == [404, 404]
    assert shown(call, "mailbox", number)["attributes"]["fromName"] == "Ann"
