"""One id follows what a request sets off: through the queue of batches, the timer and the mail, to the webhook."""

import json

import pytest

from drumbeat import bootstrap
from drumbeat.config import settings
from drumbeat.domain.ids import Kind
from functions.workers import run_batch_chunk
from tests import batch_queue
from tests.listening import Wire, deliver, received
from tests.posting import endpoint
from tests.scripted_web import GOOD, ScriptedWebServer
from tests.stage import Stage
from tests.told_logs import lines, logged
from tests.world import CREDENTIAL, Context, imported, new_tenant, people, started

MINE = "order-4711"
INVOCATION = Context().aws_request_id


@pytest.fixture
def inline_row(aws, monkeypatch):
    """A page of contacts fits a request, the rest goes to the queue."""
    monkeypatch.setenv("ENROLL_INLINE_ROWS", "1")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(("headers", "known"), [({"X-Correlation-Id": MINE}, MINE), ({}, INVOCATION)])
def test_a_send_s_line_has_the_id_of_the_request_that_enrolled(inline_row, aws, monkeypatch, server, headers, known):
    stage, wire, caller = Stage(monkeypatch), Wire(aws), new_tenant()
    bootstrap.numbers().take(1, Kind.CONTACT, 253)
    rows = imported(caller, people(4))  # numbers 254 to 257: two pages
    campaign = started(caller, smtp_credentials=[CREDENTIAL | {"smtp_port": server.port}])
    with logged() as log, ScriptedWebServer([GOOD]) as app:
        endpoint(app.url())

        answer = caller("enroll", {"contact_import_id": rows}, campaign_id=campaign, headers=headers)
        assert (answer.status, answer.headers["X-Correlation-Id"]) == (202, known)
        assert {line["correlation_id"] for line in lines(log)} == {known}

        while messages := batch_queue.waiting():
            assert {message["correlation_id"] for message in messages} == {known}
            records = [batch_queue.record(json.dumps(message)) for message in messages]
            run_batch_chunk.handler({"Records": records}, Context(aws_request_id="a-chunk", remaining=120_000))
        assert {line["correlation_id"] for line in lines(log)} == {known}

        caller("dispatch_campaign", campaign_id=campaign)
        stage.run(minutes=30)
        happened = lines(log)
        assert {line["correlation_id"] for line in happened if line["message"] == "ticked"} == {INVOCATION}
        sent = [line for line in happened if "attempted" in line]
        assert len(sent) == len(server.taken) == 4
        assert {(line["correlation_id"], line["tick"], line["attempted"]) for line in sent} == {
            (known, INVOCATION, "Accepted")
        }

        assert wire.publish() == []
        lines(log)
        deliver(received())
        posted = [line for line in lines(log) if line["message"] == "message done"]
        assert {(line["correlation_id"], line["outcome"]) for line in posted} == {(known, "taken")}
        assert len(posted) == len(app.asked) == 4


def test_what_was_written_before_there_were_ids_is_still_done(aws, monkeypatch, server):
    """Messages and enrollments without one: their lines have the invocation's."""
    stage = Stage(monkeypatch)
    stage.open([server])
    hints = stage.hinted()
    assert {"tick"} <= json.loads(hints[0].body).keys()

    with logged() as log:
        stage.work([type(hint)(hint.at, _without_tick(hint.body)) for hint in hints])

    (line,) = lines(log)
    assert (line["correlation_id"], line["attempted"], "tick" in line) == (INVOCATION, "Accepted", False)


def _without_tick(body: str) -> str:
    return json.dumps({name: value for name, value in json.loads(body).items() if name != "tick"})


def test_a_mark_of_who_can_not_be_one_is_not_taken_over(aws):
    caller = new_tenant()

    answer = caller("list_campaigns", headers={"X-Correlation-Id": "ann@acme.example"})

    assert answer.headers["X-Correlation-Id"] == INVOCATION
