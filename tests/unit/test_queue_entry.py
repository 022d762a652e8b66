"""Messages of a batch fail on their own, and those of a slow group hold up nobody else's."""

import json
import threading
from typing import Any

import pytest

from drumbeat.entrypoints.queue import Message, consume, worker
from tests.world import Context


def event(*messages: Any) -> dict[str, Any]:
    return {"Records": [{"messageId": str(place), "body": json.dumps(body)} for place, body in enumerate(messages)]}


def failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def run(messages: list[Any], work: Any, *, remaining: int = 1000, **options: Any) -> list[str]:
    return failed(consume(event(*messages), Context(remaining=remaining), work, needs=100, **options))


@pytest.mark.parametrize("bad", [[], [0], [2], [0, 1, 2, 3]])
def test_exactly_those_that_fail_come_again(bad):
    def work(message: Message, _: Any) -> None:
        if message["n"] in bad:
            raise ValueError

    assert run([{"n": n} for n in range(4)], work) == [str(n) for n in bad]


def test_messages_of_one_group_keep_their_order():
    done: list[int] = []

    run([{"n": n, "sender": 1} for n in range(10)], lambda message, _: done.append(message["n"]))

    assert done == list(range(10))


def test_groups_do_not_wait_for_each_other():
    """The first sender's worker waits until the second one's is done: one after the other would never end."""
    second_done = threading.Event()

    def work(message: Message, _: Any) -> None:
        if message["sender"] == 2:
            second_done.set()
        elif not second_done.wait(5):
            raise TimeoutError

    assert run([{"sender": 1}, {"sender": 2}], work, grouping=lambda message: message["sender"]) == []


def test_nothing_is_begun_without_time_to_finish_it():
    begun: list[Message] = []

    assert run([{}, {}], lambda message, _: begun.append(message), remaining=99) == ["0", "1"]
    assert begun == []


def test_what_can_not_be_read_comes_again_and_spoils_nothing():
    done: list[Message] = []

    again = run(["text", [], {"sender": 1}], lambda message, _: done.append(message), grouping=lambda m: m["sender"])

    assert (again, done) == (["0", "1"], [{"sender": 1}])


def test_a_crash_is_not_taken_for_a_failure():
    class Crash(BaseException):
        pass

    def work(*_: Any) -> None:
        raise Crash

    with pytest.raises(Crash):
        run([{}], work)


def test_a_worker_gets_event_and_context():
    handler = worker(lambda event, context: {"seen": [event, context.aws_request_id]})

    assert handler({"Records": []}, Context()) == {"seen": [{"Records": []}, Context().aws_request_id]}
