"""From import to delivered mail on MiniStack: what moto accepts and DynamoDB refuses would show here."""

import json
from email import message_from_bytes
from typing import Any

import boto3
import pytest

from drumbeat.config import settings
from drumbeat.domain.tenant import tenant_of_key
from functions.timers import dispatch_due
from functions.workers import send_step
from tests.scripted_smtp import ScriptedServer
from tests.world import CREDENTIAL, Caller, Context, imported, people, started

STEPS = [
    {"position": 1, "subject": "First", "body_html": "<p>Hi {{first_name}}</p>"},
    {"position": 2, "subject": "Second", "body_html": "<p>Still there?</p>", "delay_minutes": 0},
]
pytestmark = pytest.mark.ministack


def _hints(caller: Caller) -> list[dict[str, Any]]:
    """This tenant's hints, as SQS hands them over; the queue's own long poll waits for the delayed ones."""
    sqs, found, empty = boto3.client("sqs"), [], 0
    while empty < 2:
        answer = sqs.receive_message(QueueUrl=settings().send_queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        empty = 0 if "Messages" in answer else empty + 1
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=settings().send_queue_url, ReceiptHandle=message["ReceiptHandle"])
            if json.loads(message["Body"])["tenant"] == tenant_of_key(caller.key):
                found.append({"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"})
    return found


def _tick_and_send(caller: Caller) -> None:
    dispatch_due.handler({}, Context(remaining=60_000))
    answer = send_step.handler({"Records": _hints(caller)}, Context(remaining=300_000))
    assert answer == {"batchItemFailures": []}


def test_every_step_reaches_everybody_once_and_the_campaign_tells(bulk_caller):
    with ScriptedServer() as server:
        campaign = started(
            bulk_caller,
            min_wait_seconds=0,
            max_wait_seconds=0,
            smtp_credentials=[CREDENTIAL | {"smtp_port": server.port}, CREDENTIAL | {"smtp_port": server.port}],
            sequence_steps=STEPS,
        )
        rows = imported(bulk_caller, people(12))
        bulk_caller("enroll", {"contact_import_id": rows}, campaign_id=campaign)
        bulk_caller("dispatch_campaign", campaign_id=campaign)

        for _ in STEPS:
            _tick_and_send(bulk_caller)

    sent = sorted((mail["To"], mail["Subject"]) for mail in map(message_from_bytes, server.taken))
    expected = [(row["email"], step["subject"]) for row in people(12) for step in STEPS]
    assert sent == sorted(expected)
    assert bulk_caller("get_campaign", campaign_id=campaign).body["totals"]["sent"] == 12


def test_nothing_leaves_a_campaign_that_was_paused_after_its_hints_went_out(bulk_caller):
    with ScriptedServer() as server:
        credentials = [CREDENTIAL | {"smtp_port": server.port}]
        campaign = started(bulk_caller, min_wait_seconds=0, max_wait_seconds=0, smtp_credentials=credentials)
        bulk_caller("enroll", {"contact_import_id": imported(bulk_caller, people(3))}, campaign_id=campaign)
        bulk_caller("dispatch_campaign", campaign_id=campaign)
        dispatch_due.handler({}, Context(remaining=60_000))
        hints = _hints(bulk_caller)
        assert bulk_caller("pause_campaign", campaign_id=campaign).status == 200

        send_step.handler({"Records": hints}, Context(remaining=300_000))

    assert len(hints) == 3
    assert server.taken == []
