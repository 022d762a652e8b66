"""The local stack's stream tells of what transactions, single calls and PartiQL statements write, as on AWS."""

import io
import json
import uuid
import zipfile
from dataclasses import replace
from typing import Any

import boto3
import pytest

from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.event_log import EventStore
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.reports import ReportStore
from drumbeat.adapters.dynamodb.signals import SignalStore
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.statistics import StatisticsStore
from drumbeat.adapters.dynamodb.stream_records import read_change
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.application.event_log import DayCounts
from drumbeat.domain.counts import Counts
from drumbeat.domain.enrollment import new_enrollment
from drumbeat.domain.event import EventKind
from drumbeat.domain.events_of import events_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.logged_event import logged
from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of
from drumbeat.domain.times import utc_day
from tests.world import resources_of_template

pytestmark = pytest.mark.ministack
KEY = ("T#1", "A")
AT = 1_795_251_600_000
ECHO = """
import json, boto3
def handler(event, context):
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName=context.function_name)["QueueUrl"]
    told = [record["dynamodb"] for record in event["Records"]]
    images = [images.get("NewImage") or images["OldImage"] for images in told]
    client.send_message(QueueUrl=url, MessageBody=json.dumps(images))
    return {"batchItemFailures": []}
"""


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


def _told_by_the_stream(table: Table) -> list[Any]:
    streams = boto3.client("dynamodbstreams")
    (stream,) = streams.list_streams(TableName=table.name)["Streams"]
    (shard,) = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(
        StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    return streams.get_records(ShardIterator=start["ShardIterator"])["Records"]


def told(table: Table) -> list[tuple[str, Any, Any]]:
    """What the stream says: the event's name, and the steps before and after."""
    records = _told_by_the_stream(table)
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


def _echoing() -> str:
    """A function that puts what it is handed into the queue of its own name."""
    name, packed = f"echo-{uuid.uuid4().hex[:8]}", io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("echo.py", ECHO)
    boto3.client("sqs").create_queue(QueueName=name)
    boto3.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/echo",
        Handler="echo.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    return name


def _reads(streamed: Table, function: str) -> str:
    """A function that reads the stream as the template has this one read it; returns its name."""
    made = resources_of_template()[function]["Properties"]["Events"]["Table"]["Properties"]
    name, client = _echoing(), boto3.client("dynamodb")
    boto3.client("lambda").create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=client.describe_table(TableName=streamed.name)["Table"]["LatestStreamArn"],
        StartingPosition=made["StartingPosition"],
        BatchSize=made["BatchSize"],
        FilterCriteria=json.loads(json.dumps(made["FilterCriteria"])),
        FunctionResponseTypes=made["FunctionResponseTypes"],
    )
    return name


def _echoed(name: str) -> list[Any]:
    sqs, url = boto3.client("sqs"), boto3.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    return [from_wire(image) for image in json.loads(message["Body"])]


def test_a_function_behind_the_template_s_filter_is_handed_what_statements_change(streamed):
    name = _reads(streamed, "StreamsPublishEventsFunction")
    streamed.put({"PK": "T#1", "SK": "not ours", "step": 0})
    streamed.put({"PK": KEY[0], "SK": KEY[1], "step": 0, "batch_tag": "t"})
    Statements(streamed).change([Change(("T#1", "not ours"), {"step": 1}, {}), Change(KEY, {"step": 1}, {})])

    assert _echoed(name) == [{"PK": KEY[0], "SK": KEY[1], "step": 1, "batch_tag": "t"}]


def test_a_second_function_reads_the_same_stream_behind_filters_of_its_own(streamed):
    publishes, follows = (_reads(streamed, f"Streams{name}Function") for name in ("PublishEvents", "FollowCalls"))
    over = {"PK": KEY[0], "SK": KEY[1], "batch_tag": "t", "state": "finished"}
    streamed.put(over | {"group": "g"})
    streamed.put(over)

    assert _echoed(follows) == [over | {"group": "g"}]
    assert _echoed(publishes) == [over]


def test_the_second_function_is_told_of_what_is_removed(streamed):
    name = _reads(streamed, "StreamsFollowCallsFunction")
    streamed.put({"PK": KEY[0], "SK": KEY[1], "batch_tag": "t", "hold": 1, "state": "active"})
    streamed.delete(KEY)

    assert [image["hold"] for image in _echoed(name)] == [1]


def test_senders_that_we_switched_off_and_sequences_that_we_paused_pass_the_template_s_filter_and_no_others(streamed):
    name = _reads(streamed, "StreamsPublishEventsFunction")
    ours = {"PK": "T#1", "from_email": "ann@corp.example"}, {"PK": "T#1", "bounce_rate_threshold": 8}
    for place, item in enumerate((*ours, *ours)):
        streamed.put(item | {"SK": str(place), "step": 0})
    writes = {"0": {"disabled_reason": "no"}, "1": {"paused_reason": "nobody"}, "2": {"step": 1}, "3": {"step": 1}}
    for sort, more in writes.items():
        Statements(streamed).change([Change(("T#1", sort), more, {})])

    first = _echoed(name)
    assert {item["SK"] for item in (first if len(first) == 2 else first + _echoed(name))} == {"0", "1"}


def _records(table: Table) -> list[dict[str, Any]]:
    """What Lambda would hand to a function: instants as numbers."""
    found = _told_by_the_stream(table)
    return [
        {"dynamodb": told | {"ApproximateCreationDateTime": told["ApproximateCreationDateTime"].timestamp()}}
        for told in (record["dynamodb"] for record in found)
    ]


def test_marks_are_noted_once_and_their_events_are_logged_and_counted_once(streamed):
    key = EnrollmentKey(1, 1)
    streamed.put(enrollment_item(new_enrollment(1, key, batch_number=1, batch_tag="t", now=AT)))
    signals, log = SignalStore(streamed), EventStore(streamed)
    noted = [signals.note(1, key, MailSignal(kind, 0, 17), AT) for kind in 2 * (SignalKind.CLICKED, SignalKind.BOUNCED)]
    changes = [change for record in _records(streamed) if (change := read_change(record)) is not None]
    events = [logged(event, AT) for change in changes for event in events_of(change)]
    log.add(events[:1])
    for _ in range(2):
        log.add(events)

    assert noted == [True, True, False, False]
    assert {event.id for event in log.between(1, AT, AT)} == {event.id for event in events}
    assert [event.kind for event in events] == [EventKind.CLICKED, EventKind.OPENED, EventKind.RETURNED]
    (row,) = StatisticsStore(streamed).of_sequence(1, 1, utc_day(AT), utc_day(AT))
    assert row == DayCounts(utc_day(AT), 0, 17, Counts(opened=1, clicked=1, returned=1))


def test_a_report_s_mark_is_written_and_another_one_meanwhile_refuses_it(streamed):
    key = EnrollmentKey(1, 1)
    seen = new_enrollment(1, key, batch_number=1, batch_tag="t", now=AT)
    streamed.put(enrollment_item(seen))
    came_back = replace(seen, marks={mark_of(MailSignal(SignalKind.BOUNCED, 0, 17)): AT}, bounced_at=AT)

    assert [ReportStore(streamed).note(seen, came_back) for _ in range(2)] == [True, False]
