"""What people, servers and clients say is in no line of the log and in no metric, whatever goes wrong (S-41)."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from drumbeat import bootstrap, bootstrap_webhooks
from drumbeat.domain.contact import Contact
from drumbeat.domain.mail import FEEDBACK_HEADER
from drumbeat.domain.notice import Notice, Receiver
from drumbeat.domain.sequence import Step
from drumbeat.domain.token import hook_token
from functions.tracking import click, open, take_smtp2go, take_sns, unsubscribe
from functions.workers import run_batch_chunk, send_step, take_ses_event
from tests import batch_queue
from tests.imap_server import ImapServer
from tests.inbox_stage import BOX, InboxStage, absence, bounce, reply
from tests.listening import CONNECTOR, Wire, connector, deliver, received
from tests.posting import endpoint
from tests.reporting import sent, token
from tests.scripted_smtp import DROP, ScriptedServer
from tests.scripted_web import ScriptedWebServer
from tests.stage import TENANT, Stage
from tests.told_logs import ADDRESS, lines, logged
from tests.world import CREDENTIAL, Caller, Context, api_event, campaign, new_tenant

FIELDS = {
    # Of every line.
    "level", "location", "message", "timestamp", "service", "cold_start", "function_name", "function_memory_size",
    "function_arn", "function_request_id", "correlation_id", "tick", "exception", "exception_name",
    # Ids.
    "tenant", "operator_key", "api_key", "sequence", "contact", "run", "step", "sender", "batch", "first",
    "contact_import", "connector", "endpoint", "event", "sequence_number", "operation", "api",
    # What it came to: numbers and names of ours. Of words, that there were any.
    "status", "outcome", "fate", "attempted", "lateness", "reason", "trouble", "items", "age", "datastore_requests",
    "write_units", "records", "events", "told", "lag", "hints", "overdue", "lanes", "reapers", "skipped", "inboxes",
    "tenants", "replies", "out_of_office", "bounces", "complaints", "ignored", "unmatched",
}  # fmt: skip
"""The fields of lines. One that is new belongs here, once it is sure that nobody's words can be in it."""


class Log:
    """What is said meanwhile, and who must not find themselves in it."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream
        self.secrets = ["canary", "hunter2", "t" * 64]

    def check(self, metrics: str) -> None:
        text = self.stream.getvalue()
        told = lines(self.stream)
        assert told, "nothing was logged: nothing was looked at"
        assert {name for line in told for name in line} <= FIELDS
        for written in (text, metrics):
            assert [secret for secret in self.secrets if secret.lower() in written.lower()] == []
            assert ADDRESS.findall(written) == []


@pytest.fixture
def log(aws, capsys):
    with logged() as stream:
        log = Log(stream)
        yield log
        log.check(capsys.readouterr().out)


@pytest.fixture
def caller(log) -> Caller:
    caller = new_tenant("CANARY_tenant")
    log.secrets.append(caller.key)
    return caller


def boom(*_: Any, **__: Any) -> Any:
    raise RuntimeError("CANARY_error of ann@canary.example")


PERSON = {
    "email": "CANARY_email@canary.example", "first_name": "CANARY_first", "last_name": "CANARY_last",
    "company_name": "CANARY_company", "custom_fields": {"CANARY_field": "CANARY_value"},
}  # fmt: skip
STEPS = [{"position": 1, "subject": "CANARY_subject {{first_name}}", "body_html": "<p>CANARY_body</p>"}]
SECRETS = CREDENTIAL | {"smtp_password": "CANARY_password", "from_name": "CANARY_from"}


def test_requests_good_bad_and_unforeseen(caller, log, monkeypatch):
    key = {
        "Idempotency-Key": "CANARY_idempotency",
        "X-Correlation-Id": "CANARY_id@canary.example",
        "User-Agent": "CANARY",
    }
    rows = {"contact_import": {"name": "CANARY_list", "contacts": [PERSON]}}
    wanted = campaign(name="CANARY_name", smtp_credentials=[SECRETS], sequence_steps=STEPS)

    made = caller("create_contact_import", rows, headers=key)
    assert caller("create_contact_import", rows, headers=key).body == made.body
    begun = caller("create_campaign", wanted)
    place = {"campaign_id": begun.body["id"]}
    answers = [
        made,
        begun,
        caller("enroll", {"contact_import_id": made.body["id"]}, **place),
        caller("dispatch_campaign", **place),
        caller("create_campaign", raw='{"CANARY": CANARY'),
        caller("create_campaign", {"campaign": {"name": ["CANARY"], "CANARY_unknown": "ann@canary.example"}}),
        caller("enroll", {"contact_import_id": "CANARY"}, campaign_id="CANARY"),
        caller("list_campaigns", query={"status": "CANARY", "CANARY": "CANARY"}),
        Caller("amp_live_CANARY")("list_campaigns"),
        caller("suppress", {"emails": ["ann@canary.example", "CANARY"]}, group="drumbeat"),
    ]
    monkeypatch.setattr("drumbeat.adapters.dynamodb.sequences.SequenceStore.create", boom)
    answers.append(caller("create_campaign", wanted))

    assert [answer.status // 100 for answer in answers] == [2, 2, 2, 2, 4, 4, 4, *(answers[7].status // 100,), 4, 2, 5]


def person(number: int) -> Contact:
    return Contact(TENANT, number, 1, f"canary{number}@canary.example", "CANARY", "CANARY", None, 0)


@pytest.mark.parametrize(
    "script",
    [
        {},
        {"rcpt": "550 5.1.1 <canary1@canary.example> CANARY"},
        {"rcpt": "451 4.2.1 <canary1@canary.example> CANARY"},
        {"dot": DROP},
        {"auth": "535 CANARY bob@canary.example"},
        {"connect": "554 CANARY"},
    ],
)
def test_mails_and_what_servers_say_to_them(log, stage, script):
    with ScriptedServer(script) as server:
        stage.open(
            [server], steps=[Step(1, "CANARY {{first_name}}", '<a href="https://canary.example/CANARY">x</a>', 0)]
        )
        bootstrap.contacts().add([person(1)])
        stage.run(minutes=3)


def test_messages_that_nobody_can_read_and_stores_that_fail(log, stage, server, monkeypatch):
    stage.open([server])
    hint = json.loads(stage.hinted()[0].body)
    bad = ["CANARY", '["CANARY"]', '{"v": "CANARY"}', '{"v": 2, "tenant": "ann@canary.example"}']
    for handler in (send_step.handler, run_batch_chunk.handler, take_ses_event.handler):
        handler({"Records": [batch_queue.record(body) for body in bad]}, Context(remaining=120_000))
    work = {"v": 1, "kind": "stop_contacts", "tenant": 1, "contacts": [["ann@canary.example"]]}
    run_batch_chunk.handler({"Records": [batch_queue.record(json.dumps(work))]}, Context(remaining=120_000))

    for broken in ("claim", "scenes", "settle"):
        with monkeypatch.context() as patch:
            patch.setattr(f"drumbeat.adapters.dynamodb.sends.AttemptStore.{broken}", boom)
            send_step.handler({"Records": [batch_queue.record(json.dumps(hint))]}, Context(remaining=120_000))


def test_webhooks_their_urls_and_what_is_answered(log, aws, stage, server):
    wire = Wire(aws)
    says = b"HTTP/1.1 500 CANARY\r\nX-CANARY: CANARY\r\nContent-Length: 6\r\n\r\nCANARY"
    with ScriptedWebServer([says]) as app:
        endpoint(app.url("/hook?token=CANARY"))
        connector(app.url("/hook/CANARY"), secret="whsec_Q0FOQVJZ")
        stage.open([server], steps=[Step(1, "CANARY", "<p>CANARY</p>", 0)])
        stage.run(minutes=2)
        wire.publish()
        bootstrap_webhooks.tasks().put([Notice(Receiver(TENANT, CONNECTOR), "evt_1", "x", '{"to": "CANARY"}')])
        deliver(received())
    endpoint("http://127.0.0.1:1/CANARY", number=8)
    bootstrap_webhooks.tasks().put([Notice(Receiver(TENANT, 8, is_endpoint=True), "evt_2", "x", "CANARY")])
    deliver(received())


def test_mailboxes(log, aws, monkeypatch, server):
    words = "CANARY ann@canary.example"
    with ImapServer(BOX) as box:
        stage = InboxStage(monkeypatch, box)
        stage.open_with_mailbox(server, contacts=3)
        mails = [stage.mail(number) for number in (1, 2, 3)]
        stage.poll()
        for mail in (
            reply(mails[0], sender=f"Ann <{words.split()[1]}>", text=words, Subject=words),
            absence(mails[1], words),
            bounce(mails[2], recipient="ann@canary.example"),
            reply("<nobody@canary.example>", text=words),
            b"From: CANARY\r\n\xff\xfe CANARY",
        ):
            box.deliver(mail, at=stage.now)
        stage.later(3)
        stage.poll()
        stage.give_mailbox(1, user="nobody@canary.example", password="CANARY")
        stage.later(3)
        stage.poll()


def hooked(handler: Callable[..., Any], text: str, path: str, *, kind: str = "application/json") -> None:
    headers = {"Content-Type": kind, "User-Agent": "CANARY"}
    handler(api_event("POST", path={"token": path}, raw=text, headers=headers), Context())


def test_hooks_and_links(log, monkeypatch, stage: Stage, server):
    sent(stage, server)
    ours = hook_token(bootstrap.token_keys(), TENANT, 1)
    log.secrets.append(ours)
    told = {"rcpt": "ann@canary.example", FEEDBACK_HEADER: token(), "event": "bounce", "message": "550 CANARY"}
    for text in (json.dumps(told | {"bounce": "hard"}), "CANARY", '["CANARY"]', json.dumps({"event": ["CANARY"]})):
        hooked(take_smtp2go.handler, text, ours)
        hooked(take_smtp2go.handler, text, "CANARY")
        hooked(take_sns.handler, text, "")
    report = {
        "eventType": "Bounce",
        "bounce": {"bouncedRecipients": [{"emailAddress": "ann@canary.example"}]},
        "mail": 1,
    }
    take_ses_event.handler({"Records": [batch_queue.record(json.dumps(report))]}, Context(remaining=120_000))

    monkeypatch.setattr("drumbeat.adapters.dynamodb.signals.SignalStore.note", boom)
    for handler in (open.handler, click.handler, unsubscribe.handler):
        for path in ("CANARY", ours):
            hooked(handler, "CANARY=CANARY", path, kind="application/x-www-form-urlencoded")
