"""DELETE /api/v2/mailboxes/{id}"""

from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from tests.functional.outreach.furniture import act, active_sequence, contacts, enrolled, found, mailbox
from tests.world import started


def test_a_mailbox_that_nothing_waits_to_leave_from_is_gone(call):
    number = mailbox(call)

    assert act(call, "delete_mailbox", number).status == 204
    assert found(call, "mailboxes") == []
    assert act(call, "delete_mailbox", number).status == 404


def test_one_that_a_prospect_waits_for_stays_until_that_is_finished(call, monkeypatch):
    sequence, sender, (contact,) = active_sequence(call), mailbox(call), contacts(call)
    state = enrolled(call, contact, sequence, sender)

    refused = act(call, "delete_mailbox", sender)
    act(call, "finish_sequence_state", state)
    later = clock.now() + HOUR
    monkeypatch.setattr(clock, "now", lambda: later)

    assert (refused.status, refused.body["errors"][0]["id"]) == (422, "validationError")
    assert act(call, "delete_mailbox", sender).status == 204


def test_a_foreign_one_is_not_found_and_stays(call, other):
    number = mailbox(call)

    assert act(other, "delete_mailbox", number).status == 404
    assert found(call, "mailboxes") == [number]


def test_a_credential_of_a_campaign_leaves_its_rotation(call):
    campaign = started(call.func)
    (number,) = found(call, "mailboxes")

    assert act(call, "delete_mailbox", number).status == 204
    assert call.func("get_campaign", campaign_id=campaign).body["smtp_credentials"] == []
