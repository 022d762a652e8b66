"""What is sent, parked, posted, told and let pass is measured where it happens (ADR 52)."""

import json

from botocore.exceptions import ClientError

from drumbeat import bootstrap_batches, bootstrap_webhooks
from drumbeat.adapters.dynamodb.tenants import TenantStore
from drumbeat.domain.call_meter import CallLimit
from drumbeat.domain.notice import Notice, Receiver
from drumbeat.domain.tenant import ApiKey
from drumbeat.domain.times import MINUTE, SECOND
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.call_budget import CallBudget
from functions.timers import wake_deliveries
from functions.workers import run_batch_chunk
from tests import batch_queue
from tests.batch_stage import BatchStage
from tests.imap_server import ImapServer
from tests.inbox_stage import BOX, InboxStage, reply
from tests.listening import CONNECTOR, Wire, connector, deliver, received
from tests.posting import BROKEN, PostRoom, endpoint, kept, news
from tests.scripted_smtp import DROP, ScriptedServer
from tests.scripted_web import GOOD, ScriptedWebServer
from tests.stage import TENANT
from tests.told_metrics import told
from tests.world import NOON, Context

KEY = ApiKey(TENANT, 1, "", "", None, "direct", (), 0)


def test_sends_and_how_late_each_was_are_told_once_for_all_of_an_invocation(stage, server, capsys):
    stage.open([server], contacts=3)
    messages = stage.hinted()
    capsys.readouterr()

    stage.work(messages)

    slots = [json.loads(message.body)["at"] for message in messages]
    assert told(capsys) == {"Sends": [3.0], "SendLateness": [float(stage.now - slot) for slot in slots]}


def test_a_refused_mail_is_told_as_refused(stage, capsys):
    with ScriptedServer({"rcpt": "550 5.7.1 no"}) as server:
        stage.open([server])
        stage.work(stage.hinted())

    assert told(capsys) == {"Refused": [1.0]}


def test_a_mail_that_may_have_left_is_told_as_parked(stage, capsys):
    with ScriptedServer({"dot": DROP}) as server:
        stage.open([server])
        stage.work(stage.hinted())

    assert told(capsys) == {"Parked": [1.0]}


def test_what_a_dead_worker_held_is_told_as_parked_when_it_is_found(stage, server, monkeypatch, capsys):
    stage.open([server])
    (message,) = stage.hinted()
    with monkeypatch.context() as patch:
        patch.setattr("drumbeat.adapters.dynamodb.sends.AttemptStore.settle", _unavailable)
        stage.work([message])
    assert told(capsys)["Sends"] == [1.0]

    stage.run(minutes=30)

    assert told(capsys) == {"Parked": [1.0]}


def _unavailable(*_: object, **__: object) -> None:
    raise ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, "TransactWriteItems")


def test_a_chunk_tells_how_old_its_batch_is(aws, monkeypatch, capsys):
    stage = BatchStage(count=150)
    batch = stage.start(ids=list(range(1, 151)))
    monkeypatch.setattr(bootstrap_batches, "work_ports", lambda: stage.ports)
    monkeypatch.setattr(clock, "now", lambda: stage.now)

    for _ in range(3):
        stage.now += MINUTE
        records = [batch_queue.record(json.dumps(message)) for message in stage.waiting()]
        run_batch_chunk.handler({"Records": records}, Context(remaining=120_000))

    started_at = stage.batch(batch.number).started_at
    assert started_at is not None
    assert told(capsys)["BatchAge"] == [2.0 * MINUTE] * 2


def test_posts_are_told_by_whether_they_were_taken(aws, capsys):
    with ScriptedWebServer([GOOD]) as app, ScriptedWebServer([BROKEN]) as broken:
        connector(app.url())
        connector(broken.url(), number=CONNECTOR + 1)
        numbers = [CONNECTOR, CONNECTOR + 1, CONNECTOR]
        notices = [Notice(Receiver(TENANT, n), f"evt_{place:09d}", "x", "{}") for place, n in enumerate(numbers)]
        bootstrap_webhooks.tasks().put(notices)
        deliver(received())

    assert told(capsys) == {"WebhookDeliveries": [2.0], "WebhookFailures": [1.0]}


def test_a_post_whose_time_has_passed_is_backlog_and_one_ahead_of_it_is_not(aws, monkeypatch, capsys):
    with ScriptedWebServer([BROKEN]) as app:
        receiver, room = endpoint(app.url()), PostRoom()
        room.work(news(receiver))
    due = kept(receiver).due

    for instant, backlog in ((due - SECOND, {}), (due + 4 * MINUTE, {"WebhookBacklog": [1.0]})):
        monkeypatch.setattr(clock, "now", lambda instant=instant: instant)
        wake_deliveries.handler({}, Context(remaining=50_000))
        assert told(capsys) == backlog


def test_events_are_told_with_how_long_ago_the_first_of_them_was_written(aws, stage, server, monkeypatch, capsys):
    wire = Wire(aws)
    stage.open([server], contacts=2)
    stage.run(1)
    records = wire.written()
    written = min(record["dynamodb"]["ApproximateCreationDateTime"] for record in records) * SECOND
    monkeypatch.setattr(clock, "now", lambda: written + 7 * SECOND)
    capsys.readouterr()

    wire.publish(records)

    figures = told(capsys)
    assert figures["EventsPublished"] == [2.0]
    assert 0 <= figures["EventLag"][0] <= 7 * SECOND


def test_a_reply_that_belongs_to_nobody_is_told(aws, monkeypatch, server, capsys):
    with ImapServer(BOX) as box:
        stage = InboxStage(monkeypatch, box)
        stage.open_with_mailbox(server)
        stage.poll()
        box.deliver(reply("<nobody@acme.example>"), at=stage.now)
        stage.later(3)
        capsys.readouterr()
        stage.poll()

    assert told(capsys) == {"UnmatchedReplies": [1.0]}


def test_a_call_that_was_let_pass_uncounted_is_told(aws, monkeypatch, capsys):
    monkeypatch.setattr(TenantStore, "count_calls", _unavailable)
    budget = CallBudget()

    for _ in range(10):
        assert budget.spend("ampout", KEY, CallLimit(60, MINUTE), NOON).granted

    assert sum(told(capsys)["UncountedCalls"]) > 0
