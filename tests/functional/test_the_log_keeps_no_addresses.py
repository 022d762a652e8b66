"""The log does not outlive the people in it: it holds nobody's address, and lists say those that are known now."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.contact_items import contact_item
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.times import DAY, iso
from drumbeat.entrypoints import clock
from tests.contract.scene import Scene, empty_stack, everything, furnished, settled, tenant_of
from tests.listening import Wire, told

NOW = 1_795_251_600_000
ADDRESS = "p0@corp.example"
SPAN = {"from": iso(NOW - DAY), "to": iso(NOW)}
REFUSAL = f"550 5.1.1 <{ADDRESS}>: no such user"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A contact whose mail was sent, opened and came back, all of which is logged."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with empty_stack() as store:
        scene, wire = furnished(), Wire(store)
        state: dict[str, Any] = {}
        for more in ({"step": 1, "sent_at": NOW, "last_sent_at": NOW}, {"bounced_at": NOW, "bounce_reason": REFUSAL}):
            state |= more
            settled(scene.caller, scene.campaign_id, scene.contact_id, **state)
        (key,) = (found.key for found in bootstrap.enrollments().mailing(tenant_of(scene.caller), _number(scene)))
        bootstrap.signals().note(tenant_of(scene.caller), key, MailSignal(SignalKind.OPENED, 0, 1), NOW)
        assert wire.publish() == []
        yield scene


def _number(scene: Scene) -> int:
    number = resource_number(Kind.CONTACT, tenant_of(scene.caller), scene.contact_id)
    assert number is not None
    return number


def rows(scene: Scene) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scene.caller("list_events", group="drumbeat").body["events"]
    return found


def kept() -> list[dict[str, Any]]:
    """The items of the log."""
    return [item for item in everything() if "#EVENTS#" in item.get("PK", {}).get("S", "")]


def test_no_item_of_the_log_holds_an_address_not_even_one_that_a_server_quotes(logged):
    assert len(kept()) == 3
    assert ADDRESS not in repr(kept())


def test_after_the_contact_is_deleted_the_log_still_says_what_happened_and_to_nobody(logged):
    before = rows(logged)
    logged.call("delete_contact")

    after = rows(logged)
    assert {row["enrollment"]["contactEmail"] for row in before} == {ADDRESS}
    assert {row["enrollment"]["contactEmail"] for row in after} == {None}
    assert [row["type"] for row in after] == [row["type"] for row in before]
    assert {row["reason"] for row in after} == {None, "550 5.1.1 <(address)>: no such user"}
    assert ADDRESS not in repr(kept())
    mark = f"T#{tenant_of(logged.caller)}#"
    assert ADDRESS not in repr([item for item in everything() if item.get("PK", {}).get("S", "").startswith(mark)])


def test_endpoints_are_told_the_address_while_there_is_one(logged):
    made = logged.caller("create_webhook", {"webhook": {"url": "https://app.example/hook"}})
    replay = partial(logged.caller, "replay_events", SPAN, group="drumbeat", webhook_id=made.body["id"])

    assert replay().body["events"] == 3
    assert {event["data"]["contact_email"] for event in told()} == {ADDRESS}
    logged.call("delete_contact")
    assert replay().body["events"] == 3
    assert {event["data"]["contact_email"] for event in told()} == {None}


def test_the_address_is_the_one_that_the_contact_has_now(logged):
    contact = bootstrap.contacts().get(tenant_of(logged.caller), _number(logged))
    assert contact is not None
    bootstrap.table().put(contact_item(replace(contact, email="ada@new.example")))

    assert {row["enrollment"]["contactEmail"] for row in rows(logged)} == {"ada@new.example"}


def test_a_page_asks_for_its_contacts_once_and_an_empty_one_for_nobody(logged, monkeypatch):
    rows(logged)
    assert aws.ledger.requests["dynamodb.BatchGetItem"] == 1

    monkeypatch.setattr(clock, "now", lambda: NOW + 60 * DAY)
    assert rows(logged) == []
    assert aws.ledger.requests["dynamodb.BatchGetItem"] == 0
