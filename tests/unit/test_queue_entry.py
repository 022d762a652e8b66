"""Messages of a batch fail on their own, and those of a slow group hold up nobody else's."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from drumbeat.entrypoints import queue
from drumbeat.entrypoints.queue import Message, consume, consume_together, worker
from tests.told_logs import lines, logged
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


def test_nothing_is_begun_without_time_to_finish_it():
    begun: list[Message] = []

    assert run([{}, {}], lambda message, _: begun.append(message), remaining=99) == ["0", "1"]
    assert begun == []


def test_what_can_not_be_read_comes_again_and_spoils_nothing():
    done: list[Message] = []

    assert run(["text", [], {"sender": 1}], lambda message, _: done.append(message)) == ["0", "1"]
    assert done == [{"sender": 1}]


@pytest.mark.parametrize("body", ["{", "[" * 100_000, "9" * 5_000])
def test_a_body_that_is_no_object_spoils_nothing(body):
    done: list[Message] = []
    records = [{"messageId": "0", "body": body}, *event({"sender": 1}, {"n": 1})["Records"]]
    records[1]["messageId"], records[2]["messageId"] = "1", "2"

    assert failed(consume({"Records": records}, Context(), lambda message, _: done.append(message), needs=100)) == ["0"]
    assert done == [{"sender": 1}, {"n": 1}]
    together = consume_together({"Records": records}, Context(), read, lambda ns, _: {n: Told() for n in ns}, needs=100)
    assert failed(together) == ["0", "1"]


def test_a_message_without_an_id_of_a_request_is_not_told_under_that_of_the_one_before():
    messages = [{"correlation_id": "first", "n": 1}, "text", {"n": 2}, {"correlation_id": "last", "n": 3}]
    handler = worker(lambda event, context: consume(event, context, lambda *_: None, needs=100))

    with logged() as log:
        handler(event(*messages), Context())

    mine = Context().aws_request_id
    assert [line["correlation_id"] for line in lines(log)] == ["first", mine, mine, "last"]


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


@dataclass(frozen=True)
class Told:
    trouble: Exception | None = None
    aside: Exception | None = None


def read(message: Message) -> int:
    if "n" not in message:
        raise ValueError("no number")
    return int(message["n"])


def together(messages: list[Any], work: Any, *, remaining: int = 1000) -> list[str]:
    return failed(consume_together(event(*messages), Context(remaining=remaining), read, work, needs=100))


def test_all_messages_are_one_piece_of_work():
    seen: list[list[int]] = []

    def work(numbers: list[int], _: Any) -> dict[int, Told]:
        seen.append(numbers)
        return {number: Told(ValueError() if number == 2 else None) for number in numbers}

    assert together([{"n": 1}, "text", {"n": 2}, {}, {"n": 3}], work) == ["1", "3", "2"]
    assert seen == [[1, 2, 3]]


def test_an_error_aside_is_told_and_brings_nothing_again(monkeypatch):
    aside, told = ValueError("not noted"), []
    monkeypatch.setattr(queue.logger, "error", lambda _, exc_info, **ids: told.append((exc_info, ids)))

    assert together([{"n": 1, "step": 0}], lambda numbers, _: {number: Told(aside=aside) for number in numbers}) == []
    assert told == [(aside, {"step": 0})]


def test_work_that_fails_comes_again_as_a_whole():
    def work(*_: Any) -> Any:
        raise ValueError

    assert together([{"n": 1}, {"n": 2}], work) == ["0", "1"]


def test_without_time_nothing_is_begun_together():
    assert together([{"n": 1}, {"n": 2}], None, remaining=99) == ["0", "1"]


def test_a_message_that_came_twice_is_done_twice():
    assert together([{"n": 1}, {"n": 1}], lambda numbers, _: {number: Told() for number in numbers}) == []
