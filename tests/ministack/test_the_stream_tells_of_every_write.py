"""The local stack's stream tells of what transactions, single calls and PartiQL statements write, as on AWS."""

import uuid
from typing import Any

import boto3
import pytest

from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.table import Table

pytestmark = pytest.mark.ministack
KEY = ("T#1", "A")


@pytest.fixture
def streamed(ministack) -> Table:
    """An empty table with a stream."""
    client, name = boto3.client("dynamodb"), f"streamed-{uuid.uuid4().hex[:8]}"
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": part, "AttributeType": "S"} for part in ("PK", "SK")],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return Table(client, name)


def told(table: Table) -> list[tuple[str, Any, Any]]:
    """What the stream says: the event's name, and the steps before and after."""
    streams = boto3.client("dynamodbstreams")
    (stream,) = streams.list_streams(TableName=table.name)["Streams"]
    (shard,) = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(
        StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    records = streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
    return [
        (record["eventName"], *(_step(record["dynamodb"].get(image)) for image in ("OldImage", "NewImage")))
        for record in records
    ]


def _step(image: Any) -> Any:
    return None if image is None else from_wire(image).get("step")


def test_a_single_call_and_a_transaction_are_told(streamed):
    streamed.put({"PK": KEY[0], "SK": KEY[1], "step": 0})
    streamed.transact([streamed.update_write(KEY, "SET step = :step", values={":step": 1})])

    assert told(streamed) == [("INSERT", None, 0), ("MODIFY", 0, 1)]


def test_statements_are_told_and_a_refused_one_is_not(streamed):
    streamed.put({"PK": KEY[0], "SK": KEY[1], "step": 0})
    refused = Statements(streamed).change([Change(KEY, {"step": 1}, {"step": 0})])
    refused_later = Statements(streamed).change([Change(KEY, {"step": 2}, {"step": 0})])

    assert (refused, bool(refused_later)) == (set(), True)
    assert told(streamed) == [("INSERT", None, 0), ("MODIFY", 0, 1)]


def test_a_statement_that_changes_nothing_is_not_told(streamed):
    streamed.put({"PK": KEY[0], "SK": KEY[1], "step": 0})
    Statements(streamed).change([Change(KEY, {"step": 0}, {"step": 0})])

    assert told(streamed) == [("INSERT", None, 0)]
