"""From the write to the signed post: what happens in an account reaches its endpoints, and nobody else's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from drumbeat.adapters import aws as clients
from drumbeat.domain.ids import Kind, resource_uuid
from tests.listening import Wire, deliver, listen, received
from tests.posting import SECRET, endpoint
from tests.scripted_web import Asked, ScriptedWebServer
from tests.stage import TENANT
from tests.verifying import at_the_time


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


@pytest.fixture
def crm() -> Iterator[ScriptedWebServer]:
    with ScriptedWebServer() as running:
        yield running


def told(wire: Wire) -> None:
    assert wire.publish() == []
    while records := received():
        deliver(records)


def bodies(app: ScriptedWebServer) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in app.asked]


def headers(asked: Asked) -> dict[str, str]:
    return dict(asked.headers)


def test_each_mail_that_was_sent_is_told_in_the_contract_s_words_and_proves_itself(wire, stage, server, crm):
    stage.open([server], contacts=2)
    endpoint(crm.url())
    stage.run(1)
    told(wire)

    assert {body["type"] for body in bodies(crm)} == {"enrollment.sent"}
    assert len({body["data"]["enrollment_id"] for body in bodies(crm)}) == 2
    assert all("@" in body["data"]["contact_email"] for body in bodies(crm))
    for asked in crm.asked:
        with at_the_time(int(asked.headers["webhook-timestamp"]) * 1000):
            Webhook(SECRET).verify(asked.body, headers(asked))
        assert asked.headers["X-Ampout-Signature"].startswith(f"t={asked.headers['webhook-timestamp']},v1=")


def test_a_tenant_s_events_are_told_to_its_own_endpoints_only(wire, stage, server, crm):
    stage.open([server])
    stage.open([server], tenant=2)
    with ScriptedWebServer() as theirs:
        endpoint(crm.url())
        endpoint(theirs.url(), tenant=2, number=9)
        stage.run(1)
        told(wire)

        mine, others = bodies(crm), bodies(theirs)
    assert {body["account_id"] for body in mine} == {resource_uuid(Kind.TENANT, TENANT, TENANT)}
    assert {body["account_id"] for body in others} == {resource_uuid(Kind.TENANT, 2, 2)}


def test_a_connector_of_the_sequence_and_an_endpoint_of_the_account_both_hear(wire, stage, server, crm):
    stage.open([server])
    with ScriptedWebServer() as app:
        listen(app.url())
        endpoint(crm.url(), number=8)
        stage.run(1)
        told(wire)

        assert {body["type"] for body in bodies(app)} == {"cadence.step.fired"}
        assert app.asked[0].headers["webhook-id"] == crm.asked[0].headers["webhook-id"]
    assert {body["type"] for body in bodies(crm)} == {"enrollment.sent"}


def test_who_does_not_name_it_does_not_hear_it(wire, stage, server, crm):
    stage.open([server])
    endpoint(crm.url(), filters=("enrollment.replied", "campaign.paused"))
    stage.run(1)
    told(wire)

    assert crm.asked == []


def test_records_that_come_again_are_posted_once(wire, stage, server, crm):
    stage.open([server])
    endpoint(crm.url())
    stage.run(1)
    records = wire.written()
    for _ in range(3):
        wire.publish(records)
    deliver(received())

    ids = [asked.headers["webhook-id"] for asked in crm.asked]
    assert len(ids) == len(set(ids)) == len(bodies(crm)) > 0


@pytest.mark.parametrize("count", [1, 20])
def test_however_many_endpoints_a_tenant_has_only_the_addresses_take_a_request_more(wire, stage, server, count):
    stage.open([server])
    stage.run(1)
    records = wire.written()
    clients.ledger.clear()
    wire.publish(records)
    without = clients.ledger.requests["dynamodb.BatchGetItem"]
    for number in range(count):
        endpoint("https://crm.example/", number=number + 100)

    clients.ledger.clear()
    wire.publish(records)
    assert clients.ledger.requests["dynamodb.BatchGetItem"] == without + 1
