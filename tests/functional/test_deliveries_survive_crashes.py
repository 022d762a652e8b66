"""Whoever dies at whatever call, worker or timer: every event arrives at least once, under one id, and nothing stays.

Twelve events meet a server that is broken for four minutes: first attempts, retries, the breaker opening, parking, its
probe, closing, resuming.
"""

from types import SimpleNamespace

import pytest

from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.domain.webhook import Answered, Posted
from drumbeat.domain.webhook_delivery import DeliveryState
from tests.faults import MODES, Crash, Fault, fault
from tests.posting import PostRoom, endpoint, endpoint_of, health, kept, news
from tests.stage import START

EVENTS = 12
BROKEN_FOR = 4 * MINUTE


class Server:
    """Broken for a while, then well; remembers which event came with which body."""

    def __init__(self, room: PostRoom) -> None:
        self._room = room
        self.taken: dict[str, set[bytes]] = {}

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Posted:
        if self._room.now < START + BROKEN_FOR:
            return Answered(500)
        self.taken.setdefault(headers["webhook-id"], set()).add(body)
        return Answered(200)


def told(number: int) -> tuple[PostRoom, Server]:
    room = PostRoom()
    room.poster = server = Server(room)
    room.tell(*(news(endpoint("https://crm.example/", number=number), place) for place in range(EVENTS)))
    return room, server


def run(room: PostRoom, crash: Fault) -> bool:
    """Lets a life go by until something dies; returns whether it did."""

    def around(operation, params, act):
        crash.before_call(SimpleNamespace(name=operation))
        answer = act(params)
        crash.after_call()
        return answer

    room.around = around
    try:
        room.run(START + HOUR)
    except Crash:
        return True
    finally:
        room.around = PostRoom.around
    return False


def calls_of_a_life() -> int:
    room, _ = told(1)
    with fault(0, after=False) as counted:
        assert not run(room, counted)
    return len(counted.calls)


def assert_all_is_well(room: PostRoom, server: Server, number: int) -> None:
    receiver = endpoint("https://crm.example/", number=number)
    assert sorted(server.taken) == [f"evt_{place:09d}" for place in range(EVENTS)]
    assert {len(bodies) for bodies in server.taken.values()} == {1}
    assert {kept(receiver, place).state for place in range(EVENTS)} == {DeliveryState.DELIVERED}
    assert (health(receiver).is_open, health(receiver).failures, health(receiver).look_at) == (False, 0, None)
    assert endpoint_of(receiver).disabled_at is None
    assert room.queue.waiting == []


@MODES
@pytest.mark.parametrize("part", range(8))
def test_a_crash_at_any_call_loses_nothing_and_leaves_nothing_stuck(aws, part, after):
    calls = calls_of_a_life()
    numbers = range(part + 1, calls + 1, 8)
    for number in numbers:
        room, server = told(number + 1)
        with fault(number, after=after) as crash:
            assert run(room, crash)
        room.run(START + 3 * HOUR)

        assert_all_is_well(room, server, number + 1)
    assert calls > 30
    assert numbers
