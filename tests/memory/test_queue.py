"""The queue in memory keeps what is sent until its time, and refuses what SQS refuses."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.memory.queue import MemoryQueue


def entries(count: int, **members: Any) -> list[dict[str, Any]]:
    return [{"Id": str(place), "MessageBody": f"m{place}", **members} for place in range(count)]


def test_a_delayed_message_comes_when_its_time_has_come():
    now = [0]
    queue = MemoryQueue(lambda: now[0])
    queue.send_message_batch(QueueUrl="q", Entries=entries(1, DelaySeconds=5, MessageGroupId="7"))

    assert (queue.take_due(), queue.next_at()) == ([], 5000)
    now[0] = 5000
    assert [(message.body, message.group) for message in queue.take_due()] == [("m0", "7")]
    assert queue.waiting == []


@pytest.mark.parametrize("wrong", [entries(0), entries(11), entries(1) * 2, entries(2, MessageBody="x" * 600_000)])
def test_a_batch_that_sqs_refuses_as_a_whole_puts_nothing_in(wrong):
    queue = MemoryQueue(lambda: 0)

    with pytest.raises(ClientError):
        queue.send_message_batch(QueueUrl="q", Entries=wrong)

    assert queue.waiting == []


@pytest.mark.parametrize("members", [{"MessageBody": ""}, {"MessageBody": "\x00"}, {"DelaySeconds": 901}])
def test_an_entry_that_sqs_refuses_fails_alone(members):
    queue = MemoryQueue(lambda: 0)
    bad = {"Id": "bad", "MessageBody": "m"} | members

    answer = queue.send_message_batch(QueueUrl="q", Entries=[*entries(1), bad])

    assert [entry["Id"] for entry in answer["Failed"]] == ["bad"]
    assert [message.body for message in queue.waiting] == ["m0"]
