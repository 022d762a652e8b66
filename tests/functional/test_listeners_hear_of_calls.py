"""What a dialler says of a call reaches the listener of its agent: contract 4.7, field by field, under one callId."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from drumbeat import bootstrap
from drumbeat.adapters import aws as clients
from drumbeat.adapters.dynamodb import keys
from drumbeat.dialects.julian.ids import agent_id, call_id, sequence_id
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.times import DAY, HOUR, iso
from drumbeat.entrypoints import clock
from tests.asked_about import KEY, SEQUENCE
from tests.diallers import BOOKED, DIALLER, LISTENER, LISTENER_SECRET, Calling
from tests.faults import Crash, fault
from tests.listening import Wire, deliver, received, told
from tests.posting import PostRoom
from tests.scripted_web import GOOD, Asked, ScriptedWebServer
from tests.stage import START
from tests.unit.julian.test_call_results import FULL
from tests.verifying import at_the_time

BROKEN = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
BOOKED_IT = {"resultType": "Goal Completed", "outcomes": [{"name": BOOKED.name, "reasoning": "At three."}]}
BUSY = {"resultType": "Busy"}


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


@pytest.fixture
def crm() -> Iterator[ScriptedWebServer]:
    with ScriptedWebServer([GOOD]) as running:
        yield running


@pytest.fixture
def calling(wire, crm, monkeypatch) -> Calling:
    made = Calling()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    made.begin(listens_at=crm.url())
    wire.written()
    return made


def heard(wire: Wire) -> list[dict[str, Any]]:
    """Publishes what was written, and hands over the messages."""
    assert wire.publish() == []
    return received()


def said(asked: Asked) -> dict[str, Any]:
    return dict(json.loads(asked.body))


def test_a_result_is_told_field_by_field(wire, crm, calling):
    calling.say("record_call", FULL | BOOKED_IT)

    assert deliver(heard(wire)) == []
    (asked,) = crm.asked
    assert said(asked) == {
        "agentId": agent_id(calling.tenant, SEQUENCE),
        "agentName": "Julian",
        "callId": call_id(calling.tenant, KEY, "b1.0", 1),
        "name": "Jane Doe",
        "phoneNumber": "+15551234567",
        "phoneNumberExt": "12",
        "fromPhoneNumber": "+15550001111",
        "scheduledAt": iso(START - DAY),
        "timezone": "America/Chicago",
        "direction": "outbound",
        "customInputVariables": {"account_id": "acme"},
        "duration": 95,
        "callUrl": "https://dialler.example/calls/1",
        "rescheduledAt": "2026-11-24T15:00:00.000Z",
        "callResult": {
            "resultType": "Goal Completed",
            "summary": "Jane wants a demo.",
            "extractedVariables": FULL["extractedVariables"],
            "agentActions": FULL["agentActions"],
            "humanActions": FULL["humanActions"],
            "transcription": "Agent: Hello.\nJane: Hi.",
            "followUpMeetingDetails": FULL["followUpMeetingDetails"],
            "outcomes": [{"name": "Meeting booked", "reasoning": "At three."}],
        },
        "crmSchedulingDetails": {"ownerId": "7"},
        "sequence": {"sequenceId": sequence_id(calling.tenant, KEY), "lifecycleStatus": "done"},
    }


def test_what_the_dialler_left_out_is_empty_and_the_crm_is_not_there(wire, crm, calling):
    calling.say("record_call", BUSY)

    deliver(heard(wire))
    body = said(crm.asked[0])
    assert "crmSchedulingDetails" not in body
    assert (body["fromPhoneNumber"], body["duration"], body["callUrl"], body["rescheduledAt"]) == ("", 0, "", None)
    assert body["callResult"] == {
        "resultType": "Busy",
        "summary": "",
        "extractedVariables": {},
        "agentActions": [],
        "humanActions": [],
        "transcription": "",
        "followUpMeetingDetails": None,
        "outcomes": [],
    }
    assert body["sequence"]["lifecycleStatus"] == "in progress"


def test_its_header_carries_the_listener_s_secret_beside_standard_webhooks_signature(wire, crm, calling):
    calling.say("record_call", BUSY)

    deliver(heard(wire))
    headers = crm.asked[0].headers
    assert headers["x-api-key"] == LISTENER_SECRET
    with at_the_time(calling.now):
        Webhook(LISTENER_SECRET).verify(crm.asked[0].body, dict(headers))


def test_what_is_not_taken_comes_again_byte_by_byte(wire, calling):
    with ScriptedWebServer([BROKEN, GOOD]) as choosy:
        calling.begin(listens_at=choosy.url())
        calling.say("record_call", FULL | BOOKED_IT)
        records = heard(wire)
        deliver(records)
        calling.change_agent(name="Renamed")
        room = PostRoom(now=calling.now + HOUR)
        room.tick()
        room.deliver()

        first, second = choosy.asked
    assert first.body == second.body


def test_each_call_is_told_once_under_an_id_of_its_own(wire, crm, calling):
    calling.say("record_call", BUSY)
    calling.change(asked=2, awaits=Awaits.STEP, due=calling.now + 23 * HOUR)
    calling.say("record_call", BOOKED_IT)

    records = wire.written()
    wire.publish(records)
    wire.publish(list(reversed(records)))
    deliver(received())
    calls = [said(asked)["callId"] for asked in crm.asked]
    assert sorted(calls) == sorted(call_id(calling.tenant, KEY, "b1.0", number) for number in (1, 2))


def test_a_late_result_is_told_too(wire, crm, calling):
    token = calling.token()
    calling.change(state=EnrollmentState.FINISHED, finished_at=calling.now)
    wire.written()
    calling.say("record_call", BUSY, token=token)

    deliver(heard(wire))
    assert said(crm.asked[0])["sequence"]["lifecycleStatus"] == "cancelled"


def test_nothing_else_is_told_to_a_listener_and_nothing_of_it_to_the_dialler(wire, calling):
    calling.change(state=EnrollmentState.UNSUBSCRIBED, unsubscribed_at=calling.now, awaits=None)
    calling.change(state=EnrollmentState.FAILED, exit_reason="no")
    assert heard(wire) == []

    calling.begin()
    wire.written()
    calling.say("record_call", BOOKED_IT)
    (record,) = heard(wire)
    assert json.loads(record["body"])["connector"] == LISTENER != DIALLER


def test_what_people_said_stays_out_of_the_queue(wire, calling):
    calling.say("record_call", FULL)

    (record,) = heard(wire)
    assert len(record["body"]) < 1_000
    assert not [text for text in ("Jane", "+1555", "Hello", "acme") if text in record["body"]]


def test_the_longest_results_fit(wire, crm, calling):
    calling.say("record_call", BUSY | {"extractedVariables": {"quotes": '"' * 60_000}})

    deliver(heard(wire))
    assert said(crm.asked[0])["callResult"]["extractedVariables"] == {"quotes": '"' * 60_000}


def test_an_agent_without_a_listener_tells_nobody(wire, calling):
    calling.begin(listens_at="")
    wire.written()
    calling.say("record_call", BUSY)

    assert heard(wire) == []


@pytest.mark.parametrize("gone", [keys.callee, lambda tenant, key: keys.call_result(tenant, key, 1)])
def test_a_call_that_was_erased_meanwhile_is_dropped(wire, crm, calling, gone):
    calling.say("record_call", BUSY)
    records = heard(wire)
    bootstrap.table().delete(gone(calling.tenant, KEY))

    assert deliver(records) == []
    assert crm.asked == []


def test_ten_results_are_looked_up_in_two_requests(wire, crm, calling):
    calling.say("record_call", BUSY)
    (record,) = heard(wire)
    copies = []
    for number in range(2, 12):
        calling.change(asked=number, last_call=None, awaits=Awaits.STEP, state=EnrollmentState.ACTIVE)
        calling.say("record_call", BUSY)
        message = json.loads(record["body"])
        message["call"][-1] = number
        message["event"] = f"evt_{number}"
        copies.append(record | {"messageId": f"m{number}", "body": json.dumps(message)})

    clients.ledger.clear()
    assert deliver(copies) == []
    assert len(crm.asked) == 10
    assert clients.ledger.requests["dynamodb.BatchGetItem"] == 2


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_crash_while_publishing_loses_no_result(wire, calling, at, after):
    calling.say("record_call", BUSY)
    records = wire.written()
    with fault(at, after=after), pytest.raises(Crash):
        wire.publish(records)

    wire.publish(records)
    assert len({record["body"] for record in received()}) == 1


def test_nobody_hears_of_another_tenant_s_calls(wire, crm, calling):
    theirs = Calling(tenant=calling.tenant + 50_000)
    theirs.begin(listens_at="https://theirs.example/")
    wire.written()
    theirs.say("record_call", BUSY)

    (body,) = told(heard(wire))
    assert body["agentId"] == agent_id(theirs.tenant, SEQUENCE)
    assert crm.asked == []
