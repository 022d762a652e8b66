"""Hints go out ten a request, none before its instant, and what SQS did not take is offered again."""

import json
import random
import time
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from drumbeat.adapters.sqs import QueueRefused, SqsBatchQueue, SqsHints, SqsNotices
from drumbeat.domain.hint import Hint, message_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.notice import DueHint, Notice, Receiver
from tests.memory.queue import MemoryQueue

NOW = 1_795_251_600_000
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/SendQueue"


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr(random, "uniform", lambda *_: 0.0)
    client = boto3.client("sqs")
    with Stubber(client) as stub:
        yield client, stub


def hint(contact: int, wait: int = 0) -> Hint:
    return Hint(1, EnrollmentKey(1, contact), 0, 0, 1, NOW + wait)


def entry(place: int, sent: Hint, delay: int = 0) -> dict[str, Any]:
    return {
        "Id": str(place),
        "MessageBody": json.dumps(message_of(sent)),
        "DelaySeconds": delay,
        "MessageGroupId": str(sent.tenant),
    }


def expect(stub: Stubber, entries: list[dict[str, Any]], failed: list[str] | None = None) -> None:
    refused = [{"Id": name, "SenderFault": False, "Code": "InternalError"} for name in failed or []]
    taken = [
        {"Id": sent["Id"], "MessageId": "m", "MD5OfMessageBody": "x"}
        for sent in entries
        if sent["Id"] not in (failed or [])
    ]
    answer = {"Successful": taken, "Failed": refused}
    stub.add_response("send_message_batch", answer, {"QueueUrl": URL, "Entries": entries})


@pytest.mark.parametrize(
    ("wait", "delay"), [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2), (-5000, 0), (120_000, 120)]
)
def test_a_delay_is_whole_seconds_and_never_too_short(sqs, wait, delay):
    client, stub = sqs
    expect(stub, [entry(0, hint(1, wait), delay)])

    SqsHints(client, URL).put([hint(1, wait)], NOW)

    stub.assert_no_pending_responses()


def test_ten_fit_a_request(sqs):
    client, stub = sqs
    expect(stub, [entry(place, hint(place)) for place in range(10)])
    expect(stub, [entry(0, hint(10))])

    SqsHints(client, URL).put([hint(contact) for contact in range(11)], NOW)

    stub.assert_no_pending_responses()


def test_only_what_was_not_taken_is_offered_again(sqs):
    client, stub = sqs
    expect(stub, [entry(place, hint(place)) for place in range(3)], failed=["1"])
    expect(stub, [entry(1, hint(1))])

    SqsHints(client, URL).put([hint(contact) for contact in range(3)], NOW)

    stub.assert_no_pending_responses()


def test_what_is_never_taken_is_said_so(sqs):
    client, stub = sqs
    for _ in range(5):
        expect(stub, [entry(0, hint(0))], failed=["0"])

    with pytest.raises(QueueRefused):
        SqsHints(client, URL).put([hint(0)], NOW)


def work(count: int) -> list[dict[str, Any]]:
    return [{"v": 1, "kind": "run_chunk", "tenant": 7, "first": place} for place in range(count)]


def work_entry(place: int, message: dict[str, Any]) -> dict[str, Any]:
    return {"Id": str(place), "MessageBody": json.dumps(message), "MessageGroupId": "7"}


def test_bulk_work_goes_ten_messages_a_request_in_its_tenant_s_name(sqs):
    client, stub = sqs
    messages = work(11)
    expect(stub, [work_entry(place, message) for place, message in enumerate(messages[:10])])
    expect(stub, [work_entry(0, messages[10])])

    SqsBatchQueue(client, URL).put(*messages)

    stub.assert_no_pending_responses()


def test_bulk_work_that_was_not_taken_is_offered_again(sqs):
    client, stub = sqs
    entries = [work_entry(place, message) for place, message in enumerate(work(3))]
    expect(stub, entries, failed=["1"])
    expect(stub, [entries[1]])

    SqsBatchQueue(client, URL).put(*work(3))

    stub.assert_no_pending_responses()


def test_ten_of_the_longest_events_fit_one_request(sqs):
    """A request that is too large would be refused for ever, and hold up all events behind it."""
    client, stub = sqs
    body = json.dumps({"renderedSubject": "😀" * 255, "renderedText": "😀" * 5_000}, ensure_ascii=False)
    sent: list[int] = []
    taken = [{"Id": str(place), "MessageId": "m", "MD5OfMessageBody": "x"} for place in range(10)]
    stub.add_response("send_message_batch", {"Successful": taken, "Failed": []})
    client.meta.events.register(
        "before-parameter-build.sqs.SendMessageBatch",
        lambda params, **_: sent.extend(len(entry["MessageBody"].encode()) for entry in params["Entries"]),
    )

    SqsNotices(client, URL).put([Notice(Receiver(1, 7), f"{place}", "t", body) for place in range(10)])

    assert len(sent) == 10
    assert sum(sent) < 256 * 1024


def test_a_task_comes_no_earlier_than_it_is_due_and_no_later_than_sqs_can():
    """Whole seconds are all that SQS has: half a second more does no harm, half a second less would be too soon."""
    delays: list[int | None] = []
    client = MemoryQueue(lambda: NOW, around=lambda _, params, act: delays.extend(_delays(params)) or act(params))
    hint = DueHint(Receiver(1, 7), "evt_1", 0)

    SqsNotices(client, URL).put_later([(hint, 0), (hint, 1), (hint, 5_001), (hint, 10**9)])  # type: ignore[arg-type]

    assert delays == [None, 1, 6, 900]


def _delays(params):
    return [entry.get("DelaySeconds") for entry in params["Entries"]]
