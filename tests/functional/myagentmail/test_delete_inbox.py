"""DELETE /v1/inboxes/{inbox_id}"""

from functools import partial

from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from tests.functional.myagentmail.account import ids, inbox, with_key, workspace
from tests.functional.myagentmail.furniture import EMAIL, cadence
from tests.functional.outreach.furniture import act, active_sequence, contacts, enrolled, found
from tests.world import CREDENTIAL, started


def test_an_inbox_that_nothing_waits_to_leave_from_is_gone(call):
    spelled = inbox(call)

    assert call("delete_inbox", inbox_id=spelled).status == 200
    assert ids(call, "list_inboxes") == []
    assert call("delete_inbox", inbox_id=spelled).status == 404


def test_one_that_enrollments_are_bound_to_stays_and_says_what_to_do(call, monkeypatch):
    outreach = partial(call.func, group="outreach")
    spelled = inbox(call)
    (mailbox,) = found(outreach, "mailboxes")
    sequence, (contact,) = active_sequence(outreach), contacts(outreach)
    state = enrolled(outreach, contact, sequence, mailbox)

    refused = call("delete_inbox", inbox_id=spelled)
    act(outreach, "finish_sequence_state", state)
    later = clock.now() + HOUR
    monkeypatch.setattr(clock, "now", lambda: later)

    assert (refused.status, refused.body["code"]) == (409, "still_in_use")
    assert "end them" in refused.body["error"]
    assert call("delete_inbox", inbox_id=spelled).status == 200


def test_it_goes_once_its_enrollments_are_relinked_to_another_inbox(call, monkeypatch):
    old, new = inbox(call), inbox(call)
    spring = cadence(call, steps=[EMAIL])
    lead = {"leadExternalId": "crm-1", "leadEmail": "bo@corp.example", "inboxId": old}
    enrolled = call("create_enrollment", lead, cadence_id=spring).body["enrollment"]["id"]
    refused = call("delete_inbox", inbox_id=old)

    call("bulk_relink", {"updates": [{"enrollmentId": enrolled, "inboxId": new}]}, cadence_id=spring)
    later = clock.now() + HOUR
    monkeypatch.setattr(clock, "now", lambda: later)

    assert refused.status == 409
    assert call("delete_inbox", inbox_id=old).status == 200
    assert call("get_enrollment", enrollment_id=enrolled).body["enrollment"]["inboxId"] == new


def test_only_what_administers_it_deletes_it(call):
    here = workspace(call)
    mine, stray = inbox(call, workspaceId=here), inbox(call)
    confined, agent = with_key(call, workspaceId=here), with_key(call, inboxId=mine)

    assert agent("delete_inbox", inbox_id=mine).status == 403
    assert confined("delete_inbox", inbox_id=stray).status == 404
    assert confined("delete_inbox", inbox_id=mine).status == 200
    assert ids(call, "list_inboxes") == [stray]


def test_what_is_left_of_a_key_of_a_deleted_inbox_sees_nothing(call):
    spelled = inbox(call)
    agent = with_key(call, inboxId=spelled)

    call("delete_inbox", inbox_id=spelled)

    assert ids(agent, "list_inboxes") == []


def test_a_credential_of_a_campaign_is_an_inbox_too_and_the_others_take_its_follow_ups_over(call):
    campaign = started(call.func)
    call.func("create_smtp_credential", {"smtp_credential": CREDENTIAL}, campaign_id=campaign)
    gone, stays = ids(call, "list_inboxes")

    assert call("delete_inbox", inbox_id=gone).status == 200
    assert ids(call, "list_inboxes") == [stays]
