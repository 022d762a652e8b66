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

from drumbeat import bootstrap, bootstrap_webhooks
from drumbeat.adapters import aws as clients
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.sequence_items import sender_item
from drumbeat.adapters.webhooks import Webhooks
from drumbeat.config import settings
from drumbeat.domain.notice import CareHint, Notice, Receiver
from drumbeat.domain.receiver_health import resumed
from drumbeat.domain.sequence import SenderKind
from drumbeat.domain.webhook_delivery import DeliveryState
from drumbeat.entrypoints import clock
from tests.faults import Crash, fault
from tests.listening import CONNECTOR, SECRET, connector, deliver, received
from tests.posting import BROKEN, endpoint, failing_receiver, health, kept, news
from tests.scripted_web import DRIP, GOOD, ScriptedWebServer
from tests.stage import START, TENANT

MOVED = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def app() -> Iterator[ScriptedWebServer]:
    """Takes everything."""
    with ScriptedWebServer([GOOD]) as running:
        yield running


def notice(place: int = 0, *, tenant: int = TENANT, number: int = CONNECTOR) -> Notice:
    event = f"evt_{place:09d}"
    body = json.dumps({"type": "cadence.lead.replied", "id": event, "leadExternalId": "Zoë"}, ensure_ascii=False)
    return Notice(Receiver(tenant, number), event, "cadence.lead.replied", body)


def queue(*notices: Notice) -> list[dict[str, Any]]:
    """The notices as messages that have been received."""
    bootstrap_webhooks.tasks().put(notices)
    return received()


def state(place: int = 0, *, number: int = CONNECTOR) -> DeliveryState:
    return kept(Receiver(TENANT, number), place).state


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
    assert asked.headers["X-MyAgentMail-Id"] == asked.headers["webhook-id"] == "evt_000000000"
    assert state() is DeliveryState.DELIVERED
    assert received() == []


def test_a_redirect_is_no_delivery_and_is_not_followed(app):
    with ScriptedWebServer([MOVED % app.url().encode()]) as moved:
        connector(moved.url())
        deliver(queue(notice()))

    assert state() is DeliveryState.WAITING
    assert app.asked == []


def test_a_server_that_does_not_answer_holds_up_its_own_events_only(app, monkeypatch):
    quick = Webhooks(private_allowed=True, seconds=0.5)
    monkeypatch.setattr(bootstrap, "webhooks", lambda: quick)
    with ScriptedWebServer([DRIP]) as slow:
        connector(slow.url())
        connector(app.url(), number=8)
        deliver(queue(*(notice(place) for place in range(5)), *(notice(place, number=8) for place in range(5))))
        tried = len(slow.asked)

    assert (len(app.asked), tried) == (5, 1)
    assert {state(place) for place in range(5)} == {DeliveryState.WAITING}
    assert {state(place, number=8) for place in range(5)} == {DeliveryState.DELIVERED}


def test_a_server_that_refuses_one_event_gets_the_next():
    with ScriptedWebServer([BROKEN, GOOD]) as choosy:
        connector(choosy.url())
        deliver(queue(notice(1), notice(2)))

        assert len(choosy.asked) == 2
    assert [state(1), state(2)] == [DeliveryState.WAITING, DeliveryState.DELIVERED]


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
        deliver(queue(notice()))
        connector("")
        deliver(queue(notice(1)))

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

    assert deliver(queue(notice(), notice(number=8))) == []
    (asked,) = app.asked
    assert asked.line.startswith("POST /other ")
    assert kept(Receiver(TENANT, CONNECTOR)).attempts[0].error == "the secret could not be opened"


def test_a_message_that_cannot_be_read_stays_for_code_that_can(app):
    connector(app.url())
    boto3.client("sqs").send_message(QueueUrl=settings().webhook_queue_url, MessageBody='{"v": 4}')

    assert len(deliver(queue(notice()))) == 1
    assert len(app.asked) == 1


def test_nothing_is_begun_without_the_time_for_it(app):
    connector(app.url())

    assert len(deliver(queue(notice()), remaining=5_000)) == 1
    assert app.asked == []


def test_neither_secrets_nor_what_servers_say_are_logged_or_kept(caplog, aws):
    says = b"HTTP/1.1 500 Oops\r\nContent-Length: 7\r\n\r\nhush me"
    caplog.set_level("INFO")
    with ScriptedWebServer([says]) as app:
        connector(app.url("/hook?token=hush-too"))
        deliver(queue(notice()))
        connector(f"http://127.0.0.1:{closed_port()}/hook?token=hush-too")
        deliver(queue(notice(1)))

    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert not any(hushed in logged for hushed in ("hush", SECRET, "v1=", "Zoë"))
    refused, unreached = (kept(Receiver(TENANT, CONNECTOR), place).attempts[0].error or "" for place in (0, 1))
    assert refused == "status 500"
    assert "hush" not in refused + unreached


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_crash_at_any_call_loses_no_event(at, after):
    """What was posted already may be posted again, under the same id; a message that was not deleted comes again."""
    with ScriptedWebServer([BROKEN, GOOD]) as app:
        connector(app.url())
        records = queue(notice(1), notice(2))
        with fault(at, after=after) as crash, pytest.raises(Crash):
            deliver(records)
        made = ["BatchGetItem", "Decrypt", "BatchExecuteStatement", "SendMessageBatch"]
        assert crash.calls == made[:at]
        deliver(records)

    assert {asked.headers["webhook-id"] for asked in app.asked} == {"evt_000000001", "evt_000000002"}
    assert {kept(Receiver(TENANT, CONNECTOR), place).state for place in (1, 2)} <= {
        DeliveryState.DELIVERED,
        DeliveryState.WAITING,
    }


def test_a_batch_for_one_connector_takes_one_read_one_key_and_one_write(app):
    connector(app.url())
    records = queue(*(notice(place) for place in range(10)))

    clients.ledger.clear()
    assert deliver(records) == []
    assert dict(clients.ledger.requests) == {
        "dynamodb.BatchGetItem": 1,
        "kms.Decrypt": 1,
        "dynamodb.BatchExecuteStatement": 1,
    }
    assert sum(clients.ledger.write_units.values()) == 10


def parked_for(url: str) -> Receiver:
    """An endpoint that takes nothing at the moment; two events were parked for it."""
    receiver = endpoint(url)
    failing_receiver(receiver, failures=5, is_open=True)
    assert deliver(queue(news(receiver, 0), news(receiver, 1))) == []
    assert {kept(receiver, 0).state, kept(receiver, 1).state} == {DeliveryState.PARKED}
    return receiver


def care_for(receiver: Receiver) -> list[str]:
    """Has the worker look after the receiver, and do what it tells itself meanwhile."""
    bootstrap_webhooks.tasks().put_later([(CareHint(receiver), 0)])
    return [failed for _ in range(3) for failed in deliver(received())]


def test_what_was_parked_for_an_endpoint_is_posted_in_order_once_it_is_back(app):
    receiver = parked_for(app.url())
    now = clock.now()
    bootstrap_webhooks.deliveries().change_health(receiver, lambda seen: resumed(seen, now))

    assert care_for(receiver) == []
    assert [asked.headers["webhook-id"] for asked in app.asked] == ["evt_000000000", "evt_000000001"]
    assert {kept(receiver, 0).state, kept(receiver, 1).state} == {DeliveryState.DELIVERED}


def test_what_was_parked_for_an_endpoint_that_is_gone_is_cleared_away_with_its_health(app):
    receiver = parked_for(app.url())
    bootstrap_webhooks.endpoints().change(TENANT, lambda _: (), resume=None, now=START)

    assert care_for(receiver) == []
    assert app.asked == []
    assert list(bootstrap.table().items(keys.deliveries(TENANT, receiver.number))) == []
    assert health(receiver).revision == 0
