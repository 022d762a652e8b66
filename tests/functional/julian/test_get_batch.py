"""GET /api/v1/batches/{batchId}: how far a batch is, and what became of every contact (our addition, ADR 36)."""

import pytest

from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from tests.functional.julian.calling import Desk, row, worked


@pytest.fixture
def desk(stack):
    return Desk()


@pytest.fixture
def batch_id(desk):
    answer = desk.schedule([row(0), row(1) | {"phoneNumber": "0"}, row(2)])
    assert answer.status == 202, answer
    return answer.body["batchId"]


def test_what_is_not_made_yet_is_pending_and_what_was_rejected_says_why(desk, batch_id):
    told = desk.progress(batch_id)

    assert (told["batchId"], told["agentId"], told["status"]) == (batch_id, desk.agent, "scheduling")
    assert (told["total"], told["accepted"], told["scheduled"]) == (3, 2, 0)
    assert [contact["status"] for contact in told["contacts"]] == ["pending", "rejected", "pending"]
    assert [contact["index"] for contact in told["contacts"]] == [0, 1, 2]
    assert told["rejected"] == [{"index": 1, "phoneNumber": "0", "error": told["contacts"][1]["error"]}]


def test_what_is_made_has_a_sequence_and_says_how_far_that_is(desk, batch_id):
    before = desk.progress(batch_id)
    worked()

    told = desk.progress(batch_id)

    assert (told["status"], told["scheduled"], told["rejected"]) == ("finished", 2, before["rejected"])
    first, second, third = told["contacts"]
    assert first["phoneNumber"] == "+15550000000"
    assert first["sequenceId"].startswith("call-sequence.")
    assert {first["lifecycleStatus"], third["lifecycleStatus"]} == {"scheduled"}
    assert first["sequenceId"] != third["sequenceId"]
    assert second == before["contacts"][1]


def test_the_three_hundredth_row_is_told_as_the_first_is(desk):
    many = desk.schedule([row(place) for place in range(301)]).body["batchId"]
    worked()

    told = desk.progress(many)

    assert [contact["index"] for contact in told["contacts"]] == list(range(301))
    assert len({contact["sequenceId"] for contact in told["contacts"]}) == 301


@pytest.mark.parametrize("spelled", ["1", "x", "550e8400-e29b-41d4-a716-446655440000"])
def test_what_names_no_batch_is_missing(desk, spelled):
    answer = desk.call("get_batch", batch_id=spelled)

    assert (answer.status, answer.body["error"]) == (404, "BATCH_NOT_FOUND")


def test_a_batch_of_another_tenant_or_of_another_kind_is_missing(desk, batch_id):
    stranger = Desk()
    assert stranger.call("get_batch", batch_id=batch_id).status == 404

    attributes = {"ids": [1], "tags": ["calm"]}
    body = {"data": {"attributes": attributes}, "type": "string"}
    query = {"actionParams[skipConfirmation]": "true"}
    started = desk.caller("start_bulk_action", body, group="outreach", action="prospectsAddTags", query=query)
    assert started.status == 200, started
    other = resource_uuid(Kind.BATCH, desk.tenant, int(started.body["data"]["id"]))
    assert desk.call("get_batch", batch_id=other).status == 404


def test_a_batch_that_another_api_canceled_has_made_its_rows_as_canceled(desk, batch_id):
    number = str(resource_number(Kind.BATCH, desk.tenant, batch_id))

    canceled = desk.caller("cancel_batch", group="outreach", id=number)

    assert canceled.status == 200, canceled
    worked()
    told = desk.progress(batch_id)
    assert (told["status"], told["scheduled"]) == ("finished", 2)
    assert [contact.get("lifecycleStatus") for contact in told["contacts"]] == ["cancelled", None, "cancelled"]
