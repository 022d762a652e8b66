"""The example apps, as they are started by hand: they answer what is signed, once, and take nothing else."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from drumbeat.adapters.webhooks import Webhooks
from drumbeat.dialects.julian.call_results import CallResult
from drumbeat.dialects.julian.signing import dialler_headers
from drumbeat.dialects.myagentmail.signing import signed_headers
from drumbeat.dialects.validation import validated
from drumbeat.domain.webhook import Answered
from tests.scripted_web import ScriptedWebServer
from tools.local.ports import free_port
from tools.local.services import accepts

SECRET = "whsec_1"
EXAMPLES = Path(__file__).parents[2] / "examples"
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
CHANGED = b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"changed": true}'

type Post = Callable[..., Any]


@contextmanager
def started(name: str, *options: str) -> Iterator[Post]:
    """Runs an app; posts to it as Drumbeat does."""
    port = free_port()
    command = [sys.executable, str(EXAMPLES / name), "--port", str(port), *options]
    environment = os.environ | {"CONNECTOR_SECRET": SECRET}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as app:  # noqa: S603

        def post(document: dict[str, Any], signed_with: str = SECRET) -> Any:
            body = json.dumps(document).encode()
            sign = dialler_headers if document["type"] == "call.requested" else signed_headers
            headers = sign(document["id"], body, signed_with)
            return Webhooks(private_allowed=True).post(f"http://127.0.0.1:{port}/", body, headers)

        try:
            wait_until(lambda: accepts(port))
            yield post
        finally:
            app.terminate()


def wait_until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def request(api: ScriptedWebServer, kind: str = "cadence.step.requested", **fields: Any) -> dict[str, Any]:
    answers = ("draft", "done", "failed", "accepted", "replied")
    lead = {"externalId": "lead-1", "name": "Jane Doe", "linkedinUrl": "https://www.linkedin.com/in/jane/"}
    wanted = {
        "type": kind, "id": "r.1", "stepIndex": 0, "stepKind": "linkedin_connect", "lead": lead,
        "context": {"topic": "bees"}, "promptHint": None, "callbacks": {name: api.url(f"/{name}") for name in answers},
    }  # fmt: skip
    return wanted | fields


def told(api: ScriptedWebServer) -> list[tuple[str, dict[str, Any]]]:
    return [(asked.line.split()[1], json.loads(asked.body or b"{}")) for asked in api.asked]


def call(api: ScriptedWebServer, number: int = 1, attempt: int = 1, **fields: Any) -> dict[str, Any]:
    wanted = {
        "type": "call.requested", "id": f"r.{number}.{attempt}", "callId": f"call.{number}", "attempt": attempt,
        "contact": {"name": "Jane Doe", "phoneNumber": f"+1555123{number:04}", "phoneNumberExt": ""},
        "outcomes": [{"name": "Meeting booked", "description": None}, {"name": "Declined", "description": None}],
        "callbacks": {"result": api.url("/result"), "failed": api.url("/failed"), "check": api.url("/check")},
    }  # fmt: skip
    return wanted | fields


def standing(state: str) -> bytes:
    """What a dialler that looks is answered."""
    body = json.dumps({"open": state == "open", "state": state}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def results(seed: int, calls: int = 30) -> list[dict[str, Any]]:
    """What a dialler says of so many calls."""
    with (
        ScriptedWebServer([standing("open"), CHANGED] * calls) as api,
        started("dialler.py", "--seed", f"{seed}") as post,
    ):
        for number in range(calls):
            post(call(api, number))
        wait_until(lambda: len(api.asked) >= 2 * calls)
        return [body | {"callUrl": ""} for path, body in told(api) if path == "/result"]


@pytest.fixture
def api():
    with ScriptedWebServer([CHANGED]) as running:
        yield running


def test_the_drafting_app_writes_a_draft_once(api):
    wanted = request(api, "cadence.step.draft.requested")
    with started("draft_connector.py") as post:
        assert [post(wanted).status, post(wanted).status] == [204, 204]
        assert post(request(api, "cadence.step.draft.requested", id="r.2")).status == 204
        wait_until(lambda: len(api.asked) >= 2)

    assert [path for path, _ in told(api)] == ["/draft", "/draft"]
    assert "Hi Jane" in told(api)[0][1]["text"]
    assert told(api)[0][1]["subject"] == "About bees"


def test_what_is_not_signed_is_refused(api):
    with started("draft_connector.py") as post:
        answer = post(request(api, "cadence.step.draft.requested"), signed_with="whsec_2")

    assert isinstance(answer, Answered)
    assert answer.status == 401
    assert api.asked == []


def test_a_busy_api_is_answered_again():
    with ScriptedWebServer([BUSY, CHANGED]) as api, started("linkedin_connector.py") as post:
        post(request(api))
        wait_until(lambda: len(api.asked) >= 2)

    assert [path for path, _ in told(api)] == ["/done", "/done"]


def test_the_app_that_plays_linkedin_does_what_it_is_told(api):
    options = "--accepts", "--replies", "lead-2", "--unknown", "lead-3"
    with started("linkedin_connector.py", *options) as post:
        post(request(api, "cadence.lead.completed", id="evt_1"))
        for number in (1, 2, 3):
            lead = {"externalId": f"lead-{number}", "linkedinUrl": "https://www.linkedin.com/in/x/", "profileUrn": None}
            post(request(api, id=f"r.{number}", lead=lead))
        wait_until(lambda: len(api.asked) >= 4)

    assert [path for path, _ in told(api)] == ["/done", "/accepted", "/replied", "/failed"]
    assert set(told(api)[0][1]) == {"channel_urn", "profile_urn"}
    assert told(api)[3][1] == {"reason": "there is no such profile", "retry": False}


def test_the_dialler_looks_before_it_dials_and_tells_the_result():
    with ScriptedWebServer([standing("open"), CHANGED]) as api, started("dialler.py") as post:
        assert [post(call(api)).status, post(call(api)).status] == [204, 204]
        wait_until(lambda: len(api.asked) >= 2)

    assert [asked.line.split()[:2] for asked in api.asked] == [["GET", "/check"], ["POST", "/result"]]


@pytest.mark.parametrize("state", ["over", "answered", "expired"])
def test_the_dialler_heeds_what_was_cancelled(state):
    with ScriptedWebServer([standing(state), standing("open"), CHANGED]) as api, started("dialler.py") as post:
        post(call(api, 1))
        post(call(api, 2))
        wait_until(lambda: len(api.asked) >= 3)

    assert [path for path, _ in told(api)] == ["/check", "/check", "/result"]


@pytest.mark.parametrize("state", ["paused", "outside_hours"])
def test_the_dialler_gives_back_what_must_not_be_dialled_now(state):
    with ScriptedWebServer([standing(state), CHANGED]) as api, started("dialler.py") as post:
        post(call(api))
        wait_until(lambda: len(api.asked) >= 2)

    assert told(api)[1] == ("/failed", {"reason": f"not now: {state}", "retry": True})


def test_the_dialler_takes_nothing_that_is_not_signed(api):
    with started("dialler.py") as post:
        assert post(call(api), signed_with="whsec_2").status == 401
        assert post(call(api) | {"type": "another"}).status == 401

    assert api.asked == []


def test_the_dialler_s_seed_decides_and_every_end_comes_about():
    said = results(seed=7)

    assert said == results(seed=7)
    assert {result["resultType"] for result in said} == {
        "Busy", "Voicemail", "No Answer", "Goal Completed", "Goal Not Completed",
    }  # fmt: skip
    by_end = {result["resultType"]: result for result in said}
    assert by_end["Goal Completed"]["outcomes"][0]["name"] == "Meeting booked"
    assert by_end["Goal Not Completed"]["outcomes"][0]["name"] == "Declined"
    assert all(validated(CallResult, result) for result in said)
