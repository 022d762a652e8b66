"""The batch queue and its worker: what waits there, and a worker that dies."""

import json
from itertools import count
from typing import Any

import boto3

from drumbeat.config import settings
from functions.workers import run_batch_chunk
from tests.faults import Crash, fault
from tests.world import Context

_message = count()


def record(body: str) -> dict[str, Any]:
    """A message as the worker gets it."""
    return {"messageId": f"m{next(_message)}", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}


def waiting() -> list[dict[str, Any]]:
    """What is on the batch queue, oldest first; it is taken off."""
    # Not our client: what the test does is neither counted nor made to fail.
    sqs, url, found = boto3.client("sqs"), settings().batch_queue_url, []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        taken = [{"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]} for place, message in enumerate(got)]
        sqs.delete_message_batch(QueueUrl=url, Entries=taken)
        found += [json.loads(message["Body"]) for message in got]
    return found


def works_until_it_dies(k: int, *, after: bool) -> int:
    """The worker is dead at the k-th call; what it had comes again. How many calls there were."""
    sqs, url = boto3.client("sqs"), settings().batch_queue_url
    with fault(k, after=after) as injected:
        try:
            while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages"):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
                run_batch_chunk.handler({"Records": [record(got[0]["Body"])]}, Context(remaining=119_000))
        except Crash:
            sqs.send_message(QueueUrl=url, MessageBody=got[0]["Body"])
    return len(injected.calls)
