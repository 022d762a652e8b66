"""Events reach the server of whoever listens, signed; one that does not take them holds up nobody else."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from drumbeat import bootstrap, bootstrap_cadences
from drumbeat.adapters import aws as clients
from drumbeat.adapters.dynamodb.sequence_items import sender_item
from drumbeat.adapters.webhooks import Webhooks
from drumbeat.config import settings
from drumbeat.domain.notice import Notice
from drumbeat.domain.sequence import SenderKind
from tests.faults import Crash, fault
from tests.listening import CONNECTOR, SECRET, connector, deliver, received
from tests.scripted_web import DRIP, GOOD, ScriptedWebServer
from tests.stage import TENANT

BROKEN = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
MOVED = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def app() -> Iterator[ScriptedWebServer]:
    """Takes everything."""
    with ScriptedWebServer([GOOD]) as running:
        yield running


def notice(place: int = 0, *, tenant: int = TENANT, number: int = CONNECTOR) -> Notice:
    body = json.dumps(
        {"type": "cadence.lead.replied", "id": f"evt_{place}", "leadExternalId": "Zoë"}, ensure_ascii=False
    )
    return Notice(tenant, number, f"evt_{place}", body)


def queue(*notices: Notice) -> list[dict[str, Any]]:
    """The notices as messages that have been received."""
    bootstrap_cadences.notices().put(notices)
    return received()


@pytest.fixture
def put_off() -> Iterator[list[int]]:
    """For how many seconds messages were hidden, call by call."""
    seconds: list[int] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        seconds.extend(entry["VisibilityTimeout"] for entry in params["Entries"])

    event = "before-parameter-build.sqs.ChangeMessageVisibilityBatch"
    clients.client("sqs").meta.events.register(event, note)
    yield seconds
    clients.client("sqs").meta.events.unregister(event, note)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_an_event_is_posted_as_it_stands_and_its_signature_proves_it(app):
    """The recipe of docs/cadences.md, with the standard library alone."""
    connector(app.url())

    assert deliver(queue(notice())) == []
    (asked,) = app.asked
    given = asked.headers["X-MyAgentMail-Signature"]
    mine = "v1=" + hmac.new(SECRET.encode(), asked.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(given, mine)
    assert asked.body == notice().body.encode()
    assert asked.headers["X-MyAgentMail-Id"] == "evt_0"
    assert received() == []


def test_what_is_not_taken_comes_again_later_and_later(put_off):
    with ScriptedWebServer([BROKEN]) as app:
        connector(app.url())
        (record,) = queue(notice())
        for count in range(1, 11):
            record["attributes"]["ApproximateReceiveCount"] = str(count)
            assert deliver([record]) == [record["messageId"]]

    assert put_off[:9] == sorted(set(put_off[:9]))
    assert (put_off[0], put_off[8]) == (5, 39_600)


def test_what_comes_again_is_posted_byte_by_byte_as_before():
    with ScriptedWebServer([BROKEN, GOOD]) as app:
        connector(app.url())
        records = queue(notice())
        failed = deliver(records)
        assert deliver(records) == []

        first, second = app.asked
    assert failed == [records[0]["messageId"]]
    assert first.body == second.body
    assert first.headers["X-MyAgentMail-Signature"] == second.headers["X-MyAgentMail-Signature"]


def test_a_redirect_is_no_delivery_and_is_not_followed(app):
    with ScriptedWebServer([MOVED % app.url().encode()]) as moved:
        connector(moved.url())

        assert len(deliver(queue(notice()))) == 1
    assert app.asked == []


def test_a_server_that_does_not_answer_holds_up_its_own_events_only(app, monkeypatch):
    quick = Webhooks(private_allowed=True, seconds=0.5)
    monkeypatch.setattr(bootstrap, "webhooks", lambda: quick)
    with ScriptedWebServer([DRIP]) as slow:
        connector(slow.url())
        connector(app.url(), number=8)
        records = queue(*(notice(place) for place in range(5)), *(notice(place, number=8) for place in range(5)))
        failed = deliver(records)

        tried = len(slow.asked)
    assert len(app.asked) == 5
    assert tried == 1
    assert {record["messageId"] for record in records if json.loads(record["body"])["connector"] == CONNECTOR} == set(
        failed
    )


def test_a_server_that_refuses_one_event_gets_the_next(app):
    with ScriptedWebServer([BROKEN, GOOD]) as choosy:
        connector(choosy.url())

        assert len(deliver(queue(notice(1), notice(2)))) == 1
        assert len(choosy.asked) == 2


def test_an_event_for_a_connector_that_is_gone_or_listens_no_more_is_dropped(app):
    connector("")

    assert deliver(queue(notice(), notice(number=99))) == []
    assert app.asked == []


def test_an_event_goes_where_the_connector_listens_now(app):
    connector(f"http://127.0.0.1:{closed_port()}/")
    records = queue(notice())
    connector(app.url())

    assert deliver(records) == []
    assert len(app.asked) == 1


def test_no_event_goes_to_another_tenant_s_url(app):
    with ScriptedWebServer([GOOD]) as theirs:
        connector(theirs.url(), tenant=2)
        connector(app.url())
        assert deliver(queue(notice())) == []
        assert theirs.asked == []

        connector("")
        assert deliver(queue(notice())) == []
    assert theirs.asked == []
    assert len(app.asked) == 1


def test_a_sender_of_mails_is_no_connector_whatever_its_host(app):
    made = replace(connector(app.url()), kind=SenderKind.SMTP)
    bootstrap.table().put(sender_item(made))

    assert deliver(queue(notice())) == []
    assert app.asked == []


def test_a_secret_that_does_not_open_stops_its_own_connector_only(app):
    foreign = bootstrap.vault().seal(SECRET, tenant=2, sender=CONNECTOR)
    bootstrap.table().put(sender_item(replace(connector(app.url()), sealed_password=foreign)))
    connector(app.url("/other"), number=8)

    assert len(deliver(queue(notice(), notice(number=8)))) == 1
    (asked,) = app.asked
    assert asked.line.startswith("POST /other ")


def test_a_message_that_cannot_be_read_stays_for_code_that_can(app):
    connector(app.url())
    boto3.client("sqs").send_message(QueueUrl=settings().webhook_queue_url, MessageBody='{"v": 2}')

    assert len(deliver(queue(notice()))) == 1
    assert len(app.asked) == 1


def test_nothing_is_begun_without_the_time_for_it(app):
    connector(app.url())

    assert len(deliver(queue(notice()), remaining=5_000)) == 1
    assert app.asked == []


def test_neither_secrets_nor_what_servers_say_are_logged(caplog):
    says = b"HTTP/1.1 500 Oops\r\nContent-Length: 7\r\n\r\nhush me"
    with ScriptedWebServer([says]) as app, caplog.at_level("DEBUG"):
        connector(app.url("/hook?token=hush-too"))
        deliver(queue(notice()))
        connector(f"http://127.0.0.1:{closed_port()}/hook?token=hush-too")
        deliver(queue(notice(1)))

    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "status 500" in logged
    assert not any(hushed in logged for hushed in ("hush", SECRET, "v1=", "Zoë"))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_crash_at_any_call_loses_no_event(at, after):
    """What was posted already is posted again, under the same id."""
    with ScriptedWebServer([BROKEN, GOOD]) as app:
        connector(app.url())
        records = queue(notice(1), notice(2))
        with fault(at, after=after) as crash, pytest.raises(Crash):
            deliver(records)
        assert crash.calls == ["BatchGetItem", "Decrypt", "ChangeMessageVisibilityBatch"][:at]

        while deliver(records):
            pass
    assert {json.loads(asked.body)["id"] for asked in app.asked} == {"evt_1", "evt_2"}


def test_a_batch_for_one_connector_takes_one_read_and_one_key(app):
    connector(app.url())
    records = queue(*(notice(place) for place in range(10)))

    clients.ledger.clear()
    assert deliver(records) == []
    assert dict(clients.ledger.requests) == {"dynamodb.BatchGetItem": 1, "kms.Decrypt": 1}
