"""POST /api/v2/sequences/{id}/actions/activate"""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.sequence import SequenceStatus
from tests.contract.scene import tenant_of
from tests.functional.outreach.furniture import act, made, sequence_with_steps, shown
from tests.world import started


def test_a_sequence_with_steps_is_enabled_from_now_on(call):
    number = sequence_with_steps(call)

    answer = act(call, "activate_sequence", number)

    assert answer.status == 200
    assert answer.body["data"]["attributes"]["enabled"] is True
    assert answer.body["data"]["attributes"]["enabledAt"] is not None
    assert shown(call, "sequence", number) == answer.body["data"]


def test_activating_again_changes_nothing(call):
    number = sequence_with_steps(call)

    first, again = act(call, "activate_sequence", number), act(call, "activate_sequence", number)

    assert (again.status, again.body) == (200, first.body)


def test_one_without_steps_is_refused(call):
    number = made(call, "sequence", {"name": "a"})

    answer = act(call, "activate_sequence", number)

    assert (answer.status, answer.body["errors"][0]["id"]) == (422, "validationError")
    assert shown(call, "sequence", number)["attributes"]["enabled"] is False


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = sequence_with_steps(call)

    assert [act(other, "activate_sequence", number).status, act(call, "activate_sequence", 99).status] == [404, 404]


def test_one_that_was_stopped_for_bounces_starts_as_soon_as_one_of_its_senders_may_send(call):
    sequences, tenant = bootstrap.sequences(), tenant_of(call.func)
    number = resource_number(Kind.SEQUENCE, tenant, started(call.func))
    campaign = sequences.get(tenant, number)
    (sender,) = sequences.senders(campaign)
    sequences.change_status(campaign, allowed=[campaign.status], to=SequenceStatus.PAUSED, now=1, reason="bounces")
    sequences.update_sender(replace(sender, disabled_at=1))

    refused = act(call, "activate_sequence", number)
    sequences.update_sender(sender)

    assert refused.status == 422
    assert act(call, "activate_sequence", number).body["data"]["attributes"]["enabled"] is True
