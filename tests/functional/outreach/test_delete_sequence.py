"""DELETE /api/v2/sequences/{id}"""

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from tests.contract.scene import tenant_of
from tests.functional.outreach.furniture import act, active_sequence, contacts, enrolled, found, made, mailbox, told
from tests.world import started


def test_a_sequence_that_nobody_is_in_is_gone(call):
    number = made(call, "sequence", {"name": "a"})

    assert act(call, "delete_sequence", number).status == 204
    assert found(call, "sequences") == []
    assert act(call, "delete_sequence", number).status == 404


def test_one_that_somebody_is_on_the_way_through_stays_until_they_are_through(call):
    sequence, sender, (contact,) = active_sequence(call), mailbox(call), contacts(call)
    state = enrolled(call, contact, sequence, sender)

    refused = act(call, "delete_sequence", sequence)
    act(call, "finish_sequence_state", state)

    assert (refused.status, refused.body["errors"][0]["id"]) == (422, "validationError")
    assert act(call, "delete_sequence", sequence).status == 204


def test_a_campaign_goes_with_its_credentials(call):
    number = resource_number(Kind.SEQUENCE, tenant_of(call.func), started(call.func))

    assert act(call, "delete_sequence", number).status == 204
    assert call.func("list_campaigns").body == []
    assert told(bootstrap.sender_records(), call) == []


def test_a_foreign_one_is_not_found_and_stays(call, other):
    number = made(call, "sequence", {"name": "a"})

    assert act(other, "delete_sequence", number).status == 404
    assert found(call, "sequences") == [number]


def test_a_campaign_goes_once_nobody_elsewhere_waits_for_its_credentials_any_more(call):
    tenant = tenant_of(call.func)
    number = resource_number(Kind.SEQUENCE, tenant, started(call.func))
    (sender,) = found(call, "mailboxes")
    bootstrap.lanes().wake(tenant, [sender], clock.now() - HOUR, serves=99)

    assert act(call, "delete_sequence", number).status == 204
    assert found(call, "mailboxes") == []
