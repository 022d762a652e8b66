"""A tick and the mails it leads to on a real queue: other tenants' hints are nobody's business here."""

import json
from typing import Any

import boto3

from drumbeat.config import settings
from drumbeat.domain.tenant import tenant_of_key
from functions.timers import dispatch_due
from functions.workers import send_step
from tests.world import Caller, Context


def tick() -> None:
    """What the timer does every minute."""
    dispatch_due.handler({}, Context(remaining=60_000))


def hints_of(caller: Caller) -> list[dict[str, Any]]:
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


def send(hints: list[dict[str, Any]]) -> None:
    """What the worker does with hints; none may have to come again."""
    answer = send_step.handler({"Records": hints}, Context(remaining=300_000))
    assert answer == {"batchItemFailures": []}
