"""What people, mail servers and the tenant's app do is heard by who listens: from the write to the signed post."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.drafts import draft_item
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.sequence import DraftStrategy, Step
from drumbeat.domain.token import unsubscribe_token
from drumbeat.entrypoints import clock
from functions.tracking import unsubscribe
from tests.connecting import Conversation, changed
from tests.functional.myagentmail.leads import Campaign
from tests.listening import Wire, deliver, listen, received, told
from tests.scripted_smtp import ScriptedServer
from tests.scripted_web import ScriptedWebServer
from tests.stage import SEQUENCE, TENANT, Stage, person
from tests.world import Context, api_event, new_tenant


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


@pytest.fixture
def talk(wire, monkeypatch) -> Conversation:
    made = Conversation(tenant=TENANT)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def app() -> Iterator[ScriptedWebServer]:
    with ScriptedWebServer() as running:
        yield running


def heard(wire: Wire) -> list[dict[str, Any]]:
    assert wire.publish() == []
    return told()


def test_a_campaign_that_gets_a_webhook_tells_it_and_the_secret_that_was_shown_proves_it(wire, stage, server, app):
    call = partial(new_tenant(), group="myagentmail")
    stage.open([server], contacts=3)
    bootstrap.numbers().take(TENANT, Kind.SENDER)  # the stage's sender has it
    stage.run(1)
    assert heard(wire) == []

    cadence = resource_uuid(Kind.SEQUENCE, TENANT, SEQUENCE)
    answer = call("update_cadence", {"webhookUrl": app.url()}, cadence_id=cadence)
    stage.run(20)
    wire.publish()
    assert deliver(received()) == []

    secret = answer.body["cadence"]["webhookSecret"].encode()
    types = [json.loads(asked.body)["type"] for asked in app.asked]
    assert sorted(types) == 3 * ["cadence.lead.completed"] + 3 * ["cadence.step.fired"]
    for asked in app.asked:
        assert (
            asked.headers["X-MyAgentMail-Signature"] == f"v1={hmac.new(secret, asked.body, hashlib.sha256).hexdigest()}"
        )
        assert json.loads(asked.body)["cadenceId"] == cadence
        assert json.loads(asked.body)["id"] == asked.headers["X-MyAgentMail-Id"]


def test_a_step_that_the_app_has_done_fires_with_its_channel_once(wire, talk):
    talk.begin()
    token = talk.token()
    wire.written()
    talk.say("complete_step", {"channel_urn": "urn:li:c:1"}, token=token)
    talk.say("complete_step", {"channel_urn": "urn:li:c:1"}, token=token)

    (event,) = heard(wire)
    named = {name: event[name] for name in ("type", "stepIndex", "stepKind", "channelUrn", "renderedText")}
    assert named == {
        "type": "cadence.step.fired",
        "stepIndex": 0,
        "stepKind": "linkedin_connect",
        "channelUrn": "urn:li:c:1",
        "renderedText": "Hi Jane",
    }
    assert "renderedSubject" not in event


def test_what_the_app_says_on_the_way_is_no_event_of_ours(wire, talk):
    talk.begin(Awaits.DRAFT)
    wire.written()
    assert changed(talk.say("deliver_draft"))
    assert changed(talk.say("accept_invite"))

    assert heard(wire) == []


@pytest.mark.parametrize(
    ("operation", "kind", "reason"),
    [("record_reply", "cadence.lead.replied", None), ("fail_step", "cadence.lead.failed", "no such profile")],
)
def test_how_it_ends_by_the_app_is_told_with_the_lead(wire, talk, operation, kind, reason):
    talk.begin()
    token = talk.token()
    wire.written()
    talk.say(operation, token=token)
    talk.say(operation, token=token)

    (event,) = heard(wire)
    assert (event["type"], event["leadExternalId"], event.get("reason")) == (kind, "crm-1", reason)


def test_a_click_on_unsubscribe_is_told_once_for_each_sequence_that_it_ends(wire, stage, server):
    stage.open([server], contacts=2)
    listen("https://app.example/hook")
    wire.written()
    path = {"token": unsubscribe_token(bootstrap.token_keys(), TENANT, 1)}
    for _ in range(2):
        unsubscribe.handler(api_event("POST", path=path, raw="List-Unsubscribe=One-Click"), Context())

    (event,) = heard(wire)
    assert event["type"] == "cadence.lead.unsubscribed"


def test_a_mail_that_is_refused_for_good_is_told_with_the_server_s_words(wire, aws, monkeypatch):
    with ScriptedServer({"rcpt": "550 5.1.1 no such user"}) as server:
        stage = Stage(monkeypatch)
        stage.open([server])
        listen("https://app.example/hook")
        stage.run(1)

    (event,) = heard(wire)
    assert (event["type"], event["reason"]) == ("cadence.lead.bounced", "550 5.1.1 no such user")


def test_a_drafted_mail_is_told_with_what_the_app_wrote(wire, stage, server):
    stage.open([server], steps=[Step(1, "Hello", "", 0, draft=DraftStrategy.AI)])
    listen("https://app.example/hook")
    enrollment = stage.enrollment()
    draft = draft_item(TENANT, enrollment.key, 0, Draft("Dear P1,\nhave a look", "For you"), expires_at=stage.now)
    for item in (draft, enrollment_item(replace(enrollment, drafted=0))):
        bootstrap.table().put(item)
    wire.written()
    stage.run(1)

    fired, _ = sorted(heard(wire), key=lambda event: event["type"], reverse=True)
    assert len(server.taken) == 1
    assert (fired["renderedSubject"], fired["renderedText"]) == ("For you", "Dear P1,\nhave a look")


def test_a_mail_to_somebody_else_than_was_enrolled_is_told_as_that_one_got_it(wire, stage, server):
    stage.open([server], contacts=1)
    bootstrap.contacts().add([person(2)])
    bootstrap.table().put(enrollment_item(replace(stage.enrollment(), relinked_to=2)))
    listen("https://app.example/hook")
    wire.written()
    stage.run(1)

    (fired,) = heard(wire)
    assert fired["renderedSubject"] == "Hello P2"


def test_what_is_done_through_the_api_is_no_news_and_later_events_name_the_lead_as_it_is_then(wire):
    campaign = Campaign(partial(new_tenant(), group="myagentmail"), webhookUrl="https://app.example/hook")
    jane, joan = campaign.enrol(), campaign.enrol()
    for change in ({"state": "paused"}, {"state": "active"}, {"state": "unenrolled", "exitReason": "left the firm"}):
        assert campaign.patch(jane, change).status == 200
    renamed = {"enrollmentId": joan["id"], "leadExternalId": "crm-new", "leadName": "Joan"}
    assert campaign.rows(renamed, retryNow="true")[0]["ok"]
    assert heard(wire) == []

    campaign.put(replace(campaign.stored(joan), state=EnrollmentState.FINISHED))
    (event,) = heard(wire)
    named = (event["type"], event["cadenceId"], event["enrollmentId"], event["leadExternalId"])
    assert named == ("cadence.lead.completed", campaign.id, joan["id"], "crm-new")
