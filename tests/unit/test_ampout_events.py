"""Events as AmpOut's webhooks tell them: exactly the contract's seven types for `*`, ours for who names them."""

import json
import uuid
from dataclasses import replace

import pytest

from drumbeat.application.fan_out import Spelled
from drumbeat.dialects.ampout.events import TYPES, delivery_uuid, enveloped, spelled_for_endpoints
from drumbeat.domain.event import EventKind
from drumbeat.domain.ids import Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.logged_event import LoggedEvent
from drumbeat.domain.webhook_endpoint import WebhookEndpoint
from tests.logged_events import event
from tests.stage import START

CONTRACT = {
    EventKind.STEP_FIRED: "enrollment.sent",
    EventKind.OPENED: "enrollment.opened",
    EventKind.REPLIED: "enrollment.replied",
    EventKind.BOUNCED: "enrollment.bounced",
    EventKind.UNSUBSCRIBED: "enrollment.unsubscribed",
    EventKind.SENDER_DISABLED: "credential.disabled",
    EventKind.SEQUENCE_PAUSED: "campaign.paused",
}
OURS = {
    "enrollment.clicked", "enrollment.out_of_office", "enrollment.completed", "enrollment.failed",
    "enrollment.complained", "webhook.test",
}  # fmt: skip
ENDPOINT = WebhookEndpoint(1, 7, "https://crm.example/", ("*",), "sealed", START)


def about_a_sender() -> LoggedEvent:
    """A credential that we switched off."""
    return replace(
        event(1, EventKind.SENDER_DISABLED, START),
        enrollment=None, step=None, sender=7, sequence=3, sender_email="ann@acme.example", reason="bounce rate 9.1 %",
    )  # fmt: skip


def heard(told: LoggedEvent, *filters: str) -> str | None:
    spelled = spelled_for_endpoints(told)
    endpoint = replace(ENDPOINT, filters=filters)
    is_heard = spelled is not None and endpoint.hears(spelled.kind, only_if_named=spelled.only_if_named)
    return spelled.kind if spelled and is_heard else None


def envelope(told: LoggedEvent) -> dict[str, object]:
    spelled = spelled_for_endpoints(told)
    assert isinstance(spelled, Spelled)
    body: dict[str, object] = json.loads(enveloped(ENDPOINT, told, spelled))
    return body


@pytest.mark.parametrize("kind", EventKind)
def test_everything_is_exactly_what_the_contract_names(kind):
    assert heard(event(1, kind, START), "*") == CONTRACT.get(kind)


@pytest.mark.parametrize("kind", EventKind)
def test_a_filter_lets_through_what_it_names_and_nothing_else(kind):
    spelled = spelled_for_endpoints(event(1, kind, START))
    for named in TYPES:
        assert heard(event(1, kind, START), named) == (named if spelled and spelled.kind == named else None)


def test_the_types_are_the_contract_s_and_ours():
    assert set(TYPES) == {*CONTRACT.values(), *OURS}


@pytest.mark.parametrize("kind", [EventKind.OPENED, EventKind.CLICKED])
def test_of_opens_and_clicks_the_first_alone_is_told(kind):
    assert spelled_for_endpoints(replace(event(1, kind, START), first=False)) is None


def test_a_step_that_is_no_mail_was_not_sent():
    assert spelled_for_endpoints(replace(event(1, EventKind.STEP_FIRED, START), is_mail=False)) is None


def test_three_steps_are_three_events_with_ids_of_their_own():
    told = [envelope(event(1, EventKind.STEP_FIRED, START + step, step=step)) for step in range(3)]

    assert [one["data"]["step"] for one in told] == [1, 2, 3]
    assert len({one["id"] for one in told}) == 3


def test_an_envelope_holds_what_the_contract_says():
    told = event(1, EventKind.REPLIED, START, contact=5)
    body = envelope(told)

    assert list(body) == ["id", "type", "created_at", "account_id", "data"]
    assert body["id"] == delivery_uuid(1, 7, told.id) == str(uuid.UUID(str(body["id"])))
    assert (body["created_at"], body["account_id"]) == ("2026-11-21T09:00:00.000Z", resource_uuid(Kind.TENANT, 1, 1))
    assert told.enrollment is not None
    data = body["data"]
    assert isinstance(data, dict)
    assert {"status", "sent_at", "replied_at", "bounce_reason", "contact_email"} < set(data)
    assert data["enrollment_id"] == enrollment_uuid(1, told.enrollment.key)
    assert data["contact_id"] == resource_uuid(Kind.CONTACT, 1, 5)
    assert data["campaign_id"] == resource_uuid(Kind.SEQUENCE, 1, 1)


def test_the_same_event_is_the_same_bytes_whenever_it_is_spelled_and_another_endpoint_s_has_another_id():
    told = event(1, EventKind.REPLIED, START)
    spelled = spelled_for_endpoints(told)
    assert spelled is not None

    assert enveloped(ENDPOINT, told, spelled) == enveloped(ENDPOINT, told, spelled)
    assert delivery_uuid(1, 7, told.id) != delivery_uuid(1, 8, told.id)


def test_a_credential_that_was_disabled_says_which_and_why():
    assert envelope(about_a_sender())["data"] == {
        "smtp_credential_id": resource_uuid(Kind.SENDER, 1, 7),
        "campaign_id": resource_uuid(Kind.SEQUENCE, 1, 3),
        "from_email": "ann@acme.example",
        "disabled_at": "2026-11-21T09:00:00.000Z",
        "reason": "bounce rate 9.1 %",
    }


def test_a_campaign_that_was_paused_says_why():
    paused = replace(
        about_a_sender(), kind=EventKind.SEQUENCE_PAUSED, sender=None, sender_email=None, reason="no sender is left"
    )

    assert envelope(paused)["data"] == {
        "campaign_id": resource_uuid(Kind.SEQUENCE, 1, 3),
        "status": "paused",
        "reason": "no sender is left",
    }
