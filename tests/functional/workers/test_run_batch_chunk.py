"""Bulk work that goes on in the background: every row once, counted once, however often a message comes."""

import json
from typing import Any

import boto3
import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.config import settings
from drumbeat.domain.ids import Kind, resource_number
from functions.workers.run_batch_chunk import handler
from tests.contract.scene import tenant_of
from tests.faults import Crash, fault
from tests.world import Caller, Context, imported, new_tenant, people, started

ROWS = 300
INLINE = 100
pytestmark = pytest.mark.ministack


@pytest.fixture
def inline_rows(ministack, monkeypatch):
    """So few rows fit a request that the rest of a page goes to the queue."""
    monkeypatch.setenv("ENROLL_INLINE_ROWS", str(INLINE))
    settings.cache_clear()
    yield
    settings.cache_clear()


def _waiting() -> list[dict[str, Any]]:
    """Takes everything off the queue."""
    sqs, found = boto3.client("sqs"), []
    while batch := sqs.receive_message(QueueUrl=settings().batch_queue_url, MaxNumberOfMessages=10).get("Messages"):
        for message in batch:
            sqs.delete_message(QueueUrl=settings().batch_queue_url, ReceiptHandle=message["ReceiptHandle"])
            found.append({"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"})
    return found


def _run_all() -> None:
    while records := _waiting():
        assert handler({"Records": records}, Context(remaining=120_000)) == {"batchItemFailures": []}


def _handed_over(caller: Caller) -> tuple[str, str]:
    """A campaign and the batch that goes on enrolling in it."""
    rows, campaign = imported(caller, people(ROWS)), started(caller)
    answer = caller("enroll", {"contact_import_id": rows, "batch_size": 50}, campaign_id=campaign)
    assert answer.status == 202
    return campaign, answer.body["batch_id"]


def _batch(caller: Caller, batch: str) -> dict[str, Any]:
    return caller("get_batch", group="drumbeat", batch_id=batch).body


def test_a_handed_over_batch_enrols_everybody_and_says_how_far_it_is(inline_rows, bulk_caller):
    campaign, batch = _handed_over(bulk_caller)
    before = _batch(bulk_caller, batch)

    _run_all()

    after = _batch(bulk_caller, batch)
    assert (before["state"], after["state"]) == ("resolving", "finished")
    assert (after["total"], after["succeeded"], after["failures"], after["pending"]) == (ROWS, ROWS, 0, 0)
    rows = bulk_caller("list_enrollments", campaign_id=campaign).body
    assert sorted(row["batch_number"] for row in rows) == sorted(place // 50 + 1 for place in range(ROWS))


def test_a_message_that_comes_again_counts_nothing_twice(inline_rows, bulk_caller):
    _, batch = _handed_over(bulk_caller)
    records = _waiting()

    for _ in range(3):
        handler({"Records": records}, Context(remaining=120_000))
    _run_all()

    assert _batch(bulk_caller, batch)["succeeded"] == ROWS


def _run_until_it_dies() -> list[dict[str, Any]]:
    """The messages that the dead worker had."""
    while records := _waiting():
        try:
            handler({"Records": records}, Context(remaining=120_000))
        except Crash:
            return records
    return []


@pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
def test_a_worker_that_dies_at_any_call_is_finished_by_the_same_message(inline_rows, after):
    _handed_over(new_tenant())
    with fault(0, after=after) as counted:
        _run_all()
    for k in range(1, len(counted.calls) + 1):
        caller = new_tenant()
        campaign, batch = _handed_over(caller)
        with fault(k, after=after) as injected:
            records = _run_until_it_dies()
        assert injected.dead, k

        handler({"Records": records}, Context(remaining=120_000))
        _run_all()

        done = _batch(caller, batch)
        assert (done["state"], done["total"], done["succeeded"]) == ("finished", ROWS, ROWS), k
        assert len(caller("list_enrollments", campaign_id=campaign).body) == ROWS


def test_whoever_cannot_be_enrolled_is_an_item_that_says_why_and_a_skip_as_before(inline_rows, bulk_caller):
    rows, campaign = imported(bulk_caller, people(ROWS)), started(bulk_caller)
    contacts = [row["id"] for row in bulk_caller("list_contact_import_contacts", import_id=rows).body]
    for contact in (contacts[0], contacts[-1]):
        bulk_caller("enroll_contact", {"contact_id": contact}, campaign_id=campaign)

    answer = bulk_caller("enroll", {"contact_import_id": rows, "batch_size": 50}, campaign_id=campaign)
    _run_all()

    batch = answer.body["batch_id"]
    assert _batch(bulk_caller, batch)["failures_by_code"] == {"ALREADY_ENROLLED": 2}
    items = bulk_caller("get_batch_results", group="drumbeat", batch_id=batch).body
    assert [item["id"] for item in items] == contacts
    assert [item["index"] for item in items if item["code"] == "ALREADY_ENROLLED"] == [0, ROWS - 1]
    skips = bulk_caller("list_skips", campaign_id=campaign).body
    assert [skip["contact_id"] for skip in skips] == [contacts[0], contacts[-1]]


def test_a_batch_whose_campaign_is_gone_ends_and_says_so(inline_rows, bulk_caller):
    _, batch = _handed_over(bulk_caller)
    tenant = tenant_of(bulk_caller)
    kept = bootstrap.batches().get(tenant, resource_number(Kind.BATCH, tenant, batch))
    bootstrap.table().delete(keys.sequence(tenant, kept.params["sequence"]))

    _run_all()

    done = _batch(bulk_caller, batch)
    assert done["state"] == "finished"
    assert done["failures_by_code"] == {"NOT_FOUND": ROWS - done["succeeded"]}


def test_a_large_import_is_deleted_in_the_background(bulk_caller, monkeypatch):
    rows, campaign = imported(bulk_caller, people(ROWS)), started(bulk_caller)
    bulk_caller("enroll", {"contact_import_id": rows}, campaign_id=campaign)
    monkeypatch.setattr("drumbeat.entrypoints.http.TIME_FOR_WORK", -1)

    answer = bulk_caller("delete_contact_import", import_id=rows)

    assert answer.status == 202
    assert bulk_caller("get_contact_import", import_id=rows).status == 404
    _run_all()
    assert bulk_caller("list_enrollments", campaign_id=campaign).body == []
    assert imported(bulk_caller, people(ROWS)) != rows


def test_a_message_nobody_knows_comes_again_until_it_is_set_aside(ministack):
    record = {"messageId": "m1", "body": json.dumps({"v": 99, "kind": "?"}), "eventSource": "aws:sqs"}

    answer = handler({"Records": [record]}, Context(remaining=120_000))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
