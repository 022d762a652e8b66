"""Somebody who listens: a connector with a URL, and what the stream, the queue and the workers make of the table."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import boto3

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.config import settings
from drumbeat.domain.sequence import Sender, SenderKind
from functions.streams import follow_calls, publish_events
from functions.workers import deliver_webhook
from tests.memory.store import Store
from tests.memory.stream import MemoryStream, Record
from tests.stage import SEQUENCE, START, TENANT
from tests.world import Context, resources_of_template

SECRET = "whsec_c2VjcmV0"
CONNECTOR = 7
PUBLISHES, FOLLOWS = "StreamsPublishEventsFunction", "StreamsFollowCallsFunction"


def connector(url: str, *, tenant: int = TENANT, number: int = CONNECTOR, secret: str = SECRET) -> Sender:
    """Writes a connector that listens there; nothing speaks to it yet."""
    sealed = bootstrap.vault().seal(secret, tenant=tenant, sender=number)
    place = ("connector", url, 0, "", sealed, "", "", 0, START)
    made = Sender(tenant, number, None, *place, kind=SenderKind.CONNECTOR)
    bootstrap.table().put(sender_item(made))
    return made


def listen(url: str, *, tenant: int = TENANT, sequence: int = SEQUENCE, number: int = CONNECTOR) -> Sender:
    """Has the sequence tell a connector at this URL what happens."""
    made = connector(url, tenant=tenant, number=number)
    cadence = bootstrap.sequences().get(tenant, sequence)
    assert cadence is not None
    bootstrap.table().put(sequence_item(replace(cadence, connector=number)))
    return made


@dataclass
class Wire:
    """The way from a table in memory to the listeners: its stream as the template filters it, and the queue.

    Two functions read the stream, each at its own pace.
    """

    store: Store
    stream: MemoryStream = field(init=False)
    _waiting: dict[str, list[Record]] = field(init=False)

    def __post_init__(self) -> None:
        self.stream = MemoryStream(self.store, settings().table)
        self._waiting = {PUBLISHES: [], FOLLOWS: []}

    def written(self) -> list[Record]:
        """What the stream hands to the function that publishes events, of what was written since."""
        return self._taken_by(PUBLISHES)

    def ended(self) -> list[Record]:
        """What it hands to the function that follows calls."""
        return self._taken_by(FOLLOWS)

    def _taken_by(self, function: str) -> list[Record]:
        fresh = self.stream.take()
        for waiting in self._waiting.values():
            waiting.extend(fresh)
        taken, self._waiting[function] = self._waiting[function], []
        return [record for record in taken if passes_the_filter(record, function)]

    def follow(self, records: Sequence[Record] | None = None) -> list[str]:
        """Has calls followed by these records, by default by all there are until none is new; as `publish`."""
        wanted = self.ended() if records is None else records
        failed = []
        while wanted:
            answer = follow_calls.handler({"Records": wanted}, Context(remaining=60_000))
            failed += [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
            wanted = self.ended() if records is None else []
        return failed

    def publish(self, records: Sequence[Record] | None = None) -> list[str]:
        """Hands records over, by default what is new; returns the numbers of those that have to come again."""
        wanted = self.written() if records is None else records
        answer = publish_events.handler({"Records": wanted}, Context(remaining=60_000))
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def passes_the_filter(record: Record, function: str = PUBLISHES) -> bool:
    """Whether the template's filters let a record through to a function."""
    return any(_matches(pattern, record) for pattern in _patterns(function))


@cache
def _patterns(function: str) -> list[Any]:
    mapping = resources_of_template()[function]["Properties"]["Events"]["Table"]["Properties"]
    return [json.loads(criterion["Pattern"]) for criterion in mapping["FilterCriteria"]["Filters"]]


def _matches(pattern: Any, value: Any) -> bool:
    """As far as our filter goes: names, listed values, and `exists`."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(_matches(part, value.get(name)) for name, part in pattern.items())
    return any(value is not None if rule == {"exists": True} else value == rule for rule in pattern)


def received() -> list[dict[str, Any]]:
    """Takes what can be received off the queue, as Lambda hands it over."""
    client, found = boto3.client("sqs"), []
    while messages := client.receive_message(
        QueueUrl=settings().webhook_queue_url, MaxNumberOfMessages=10, AttributeNames=["All"]
    ).get("Messages"):
        found += [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
            }
            for message in messages
        ]
    return found


def told(records: Iterable[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The events in messages, by default those that the queue has."""
    return [json.loads(json.loads(record["body"])["body"]) for record in (received() if records is None else records)]


def deliver(records: Sequence[dict[str, Any]], remaining: int = 120_000) -> list[str]:
    """Handles messages as one batch; returns the ids of those that have to come again, and deletes the others."""
    answer = deliver_webhook.handler({"Records": records}, Context(remaining=remaining))
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    for record in records:
        if record["messageId"] not in failed:
            url = settings().webhook_queue_url
            boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])
    return failed
