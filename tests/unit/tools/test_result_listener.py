"""The demo's listener takes what carries the secret, tells repeats by callId, and is busy at times."""

import json

from tools.local.api import fetch
from tools.local.result_listener import ResultListener, listening


def deliver(listener: ResultListener, call: str, key: str = "s", **told: object) -> int:
    return listener.take(key, json.dumps({"callId": call} | told).encode())


def listener() -> ResultListener:
    made = ResultListener()
    made.secret = "s"
    return made


def test_a_repeat_is_taken_and_tells_nothing_new():
    mine = listener()

    assert [deliver(mine, "c1"), deliver(mine, "c1")] == [204, 204]
    assert (list(mine.results), mine.repeats, mine.changed) == (["c1"], 1, 0)


def test_every_fifth_is_refused_once():
    mine = listener()

    assert [deliver(mine, f"c{number}") for number in range(1, 7)] == [204, 204, 204, 204, 503, 204]
    assert deliver(mine, "c5") == 204
    assert len(mine.results) == 6


def test_a_repeat_that_says_something_else_is_noted():
    mine = listener()
    deliver(mine, "c1", duration=1)
    deliver(mine, "c1", duration=2)

    assert (mine.changed, mine.results["c1"]["duration"]) == (1, 1)


def test_what_lacks_the_secret_is_refused():
    mine = listener()

    assert deliver(mine, "c1", key="other") == 401
    assert (mine.results, mine.forged) == ({}, 1)


def test_it_listens_as_long_as_it_is_asked_to():
    mine = listener()
    with listening(mine) as url:
        status, _ = fetch(url, "POST", b'{"callId": "c1"}', {"x-api-key": "s"})

    assert status == 204
    assert list(mine.results) == ["c1"]
