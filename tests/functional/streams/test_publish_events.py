"""What was written to enrollments reaches who listens: every fact, whatever happens to the function."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item
from drumbeat.adapters.sqs import QueueRefused
from drumbeat.application.enrollment_actions import finish_enrollment, pause_enrollment, resume_enrollment
from drumbeat.domain.enrollment import EnrollmentState, Lead
from drumbeat.domain.event import EventKind
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.sequence import SequenceStatus, Step
from drumbeat.domain.times import MINUTE, iso
from tests.faults import Crash, fault
from tests.listening import CONNECTOR, Wire, connector, listen, told
from tests.stage import SEQUENCE, START, TENANT, TWO_STEPS, Stage

URL = "https://app.example/hook"


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


@pytest.fixture
def open_stage(wire, stage, server) -> Stage:
    """Two people in a sequence of two steps that tells its connector."""
    stage.open([server], contacts=2)
    listen(URL)
    wire.written()
    return stage


def put(stage: Stage, contact: int = 1, **changes: Any) -> None:
    bootstrap.table().put(enrollment_item(replace(stage.enrollment(contact), **changes)))


def test_a_mail_that_has_left_is_told_as_the_contract_prints_it(wire, open_stage):
    open_stage.run(1)

    assert wire.publish() == []
    first, _ = sorted(told(), key=lambda event: event["enrollmentId"] != enrollment_uuid(TENANT, EnrollmentKey(1, 1)))
    sent_at = open_stage.enrollment().sent_at
    assert sent_at is not None
    assert first == {
        "type": "cadence.step.fired",
        "id": first["id"],
        "cadenceId": resource_uuid(Kind.SEQUENCE, TENANT, SEQUENCE),
        "enrollmentId": enrollment_uuid(TENANT, EnrollmentKey(SEQUENCE, 1)),
        "stepIndex": 0,
        "stepKind": "email",
        "channelUrn": None,
        "renderedSubject": "Hello P1",
        "renderedText": "Hi P1\n",
        "firedAt": iso(sent_at),
    }


def test_what_a_mail_said_is_left_out_once_the_sequence_has_been_changed(wire, open_stage):
    open_stage.run(1)
    open_stage.change(updated_at=open_stage.now, steps=(replace(TWO_STEPS[0], subject="Another"),))

    wire.publish()
    assert all("renderedSubject" not in event and event["stepKind"] == "email" for event in told())


def test_what_is_long_is_left_out_so_that_ten_events_fit_one_request(wire, stage, server):
    stage.open([server], contacts=10, steps=[Step(1, "Hello", "<p>" + 5_001 * "é" + "</p>", 0)])
    listen(URL)
    stage.run(1)

    wire.publish()
    fired = [event for event in told() if event["type"] == "cadence.step.fired"]
    assert len(fired) == 10
    assert all("renderedText" not in event and event["renderedSubject"] == "Hello" for event in fired)


def test_the_end_of_a_sequence_is_told_with_its_last_mail(wire, open_stage):
    open_stage.run(20)

    wire.publish()
    assert sorted(event["type"] for event in told()) == 2 * ["cadence.lead.completed"] + 4 * ["cadence.step.fired"]


def test_what_ends_an_enrollment_is_told_with_whose_lead_it_is(wire, open_stage):
    lead = Lead(external_id="crm-1")
    put(open_stage, lead=lead)
    over = open_stage.now + MINUTE
    put(open_stage, lead=lead, state=EnrollmentState.BOUNCED, bounced_at=over, bounce_reason="550 no such user")

    wire.publish()
    (event,) = told()
    assert {name: event[name] for name in ("type", "leadExternalId", "occurredAt", "reason")} == {
        "type": "cadence.lead.bounced",
        "leadExternalId": "crm-1",
        "occurredAt": iso(over),
        "reason": "550 no such user",
    }


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"state": EnrollmentState.REPLIED, "replied_at": START, "last_reply_at": START}, "cadence.lead.replied"),
        ({"state": EnrollmentState.UNSUBSCRIBED, "unsubscribed_at": START}, "cadence.lead.unsubscribed"),
        ({"state": EnrollmentState.FAILED, "exit_reason": "the app said no"}, "cadence.lead.failed"),
    ],
)
def test_other_ends_are_told_too(wire, open_stage, changes, kind):
    put(open_stage, **changes)

    wire.publish()
    (event,) = told()
    assert (event["type"], event["leadExternalId"], event["occurredAt"]) == (kind, None, iso(START))
    assert event.get("reason") == changes.get("exit_reason")


def test_what_users_do_themselves_is_no_news(wire, open_stage):
    ports = bootstrap.enrollment_action_ports()
    place = {"tenant": TENANT, "key": EnrollmentKey(SEQUENCE, 1), "now": open_stage.now}
    pause_enrollment(ports, **place)
    resume_enrollment(ports, **place)
    finish_enrollment(ports, **place)

    assert wire.publish() == []
    assert told() == []


def test_where_nobody_listens_nothing_is_sent_and_two_requests_find_out_beside_the_log_s(wire, stage, server):
    stage.open([server], contacts=3)
    stage.run(1)
    records = wire.written()

    aws.ledger.clear()
    wire.publish(records)
    assert dict(aws.ledger.requests) == {"dynamodb.BatchGetItem": 2, "dynamodb.TransactWriteItems": 1}
    assert told() == []


def test_writes_that_are_no_events_cost_nothing(wire, open_stage):
    open_stage.tick()
    put(open_stage, opened_at=open_stage.now)

    records = wire.written()
    aws.ledger.clear()
    wire.publish(records)
    assert records
    assert dict(aws.ledger.requests) == {}


def test_only_changes_of_enrollments_pass_the_filter(wire, stage, server):
    stage.open([server], contacts=2)
    listen(URL)
    stage.change(name="Summer")
    stage.tick()
    bootstrap.signals().suppress(TENANT, 1, stage.now)

    assert wire.written() == []
    put(stage, opened_at=stage.now)
    (record,) = wire.written()
    assert record["dynamodb"]["Keys"]["PK"]["S"].startswith(f"T#{TENANT}#S#{SEQUENCE}#")


def test_a_sender_that_was_switched_off_and_a_sequence_that_we_paused_are_logged_and_nobody_is_told(wire, open_stage):
    sender = bootstrap.sequences().sender(TENANT, 1)
    assert sender is not None
    off = replace(sender, disabled_at=open_stage.now, disabled_reason="too much came back")
    bootstrap.table().put(sender_item(off))
    open_stage.change(status=SequenceStatus.PAUSED, paused_reason="nobody is left to send it")

    assert wire.publish() == []
    disabled, paused = sorted(bootstrap.event_log().between(TENANT, 0, 4 * 10**12), key=lambda event: -len(event.kind))
    assert (disabled.kind, disabled.sender, disabled.sender_email) == (EventKind.SENDER_DISABLED, 1, sender.from_email)
    assert (paused.kind, paused.sequence, paused.reason) == (
        EventKind.SEQUENCE_PAUSED,
        SEQUENCE,
        "nobody is left to send it",
    )
    assert told() == []


def test_signals_are_logged_without_an_address_and_not_told_to_connectors(wire, open_stage):
    opened = MailSignal(SignalKind.OPENED, 0, 1)
    bootstrap.signals().note(TENANT, EnrollmentKey(SEQUENCE, 1), opened, START, also={"opened_at": START})

    wire.publish()
    (event,) = bootstrap.event_log().between(TENANT, START, START)
    assert event.enrollment is not None
    assert (event.kind, event.first, event.enrollment.opened_at) == (EventKind.OPENED, True, START)
    assert (event.enrollment.contact, event.enrollment.contact_email) == (1, None)
    assert told() == []


def test_a_connector_without_a_url_hears_nothing(wire, stage, server):
    stage.open([server])
    listen("")
    stage.run(1)

    wire.publish()
    assert told() == []


def test_nobody_hears_what_happens_at_another_tenant(wire, stage, server):
    stage.open([server])
    stage.open([server], tenant=2)
    listen(URL, tenant=2)
    connector("https://mine.example/hook", number=CONNECTOR)
    put(stage, bounced_at=START, bounce_reason="no")

    wire.publish()
    assert told() == []


def test_fifty_events_are_logged_in_one_request_and_looked_up_in_four(wire, open_stage):
    for contact in (1, 2):
        for step in range(25):
            put(open_stage, contact, step=step + 1, last_sent_at=START + step)
    records = wire.written()

    aws.ledger.clear()
    wire.publish(records)
    assert dict(aws.ledger.requests) == {
        "dynamodb.BatchGetItem": 4,
        "dynamodb.TransactWriteItems": 1,
        "sqs.SendMessageBatch": 5,
    }
    assert len(told()) == 50


def test_a_record_that_comes_again_tells_the_same_event_again(wire, open_stage):
    open_stage.run(1)
    records = wire.written()

    wire.publish(records)
    wire.publish(list(reversed(records)))
    events = told()
    once = {event["id"]: event for event in events}
    assert len(events) == 4
    assert len(once) == 2
    assert all(once[event["id"]] == event for event in events)


def test_whatever_is_cut_repeated_or_disordered_tells_every_fact_under_one_id(wire, open_stage):
    open_stage.run(20)
    records, chance = wire.written(), Random(7)  # noqa: S311 - cases, not secrets
    wire.publish(records)
    ids = {event["id"] for event in told()}

    for _ in range(20):
        part = records[chance.randrange(len(records)) :]
        chance.shuffle(part)
        wire.publish(part)
    assert {event["id"] for event in told()} <= ids
    assert len(ids) == 6


def test_what_stands_before_a_record_that_cannot_be_read_is_told_and_that_one_is_named(wire, open_stage):
    open_stage.run(1)
    first, *_, last = [record for record in wire.written() if "last_sent_at" in record["dynamodb"]["NewImage"]]
    broken = json.loads(json.dumps(first))
    broken["dynamodb"] |= {
        "SequenceNumber": "666",
        "NewImage": broken["dynamodb"]["NewImage"] | {"state": {"S": "odd"}},
    }

    assert wire.publish([first, broken, last]) == ["666"]
    assert len(told()) == 1
    assert wire.publish([last]) == []
    assert len(told()) == 1


def test_a_queue_that_takes_nothing_has_everything_come_again(wire, open_stage):
    open_stage.run(1)
    records = wire.written()

    def refused(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Failed"] = [{"Id": str(place)} for place in range(10)]

    events = aws.client("sqs").meta.events
    events.register("after-call.sqs.SendMessageBatch", refused)
    with pytest.raises(QueueRefused):
        wire.publish(records)
    events.unregister("after-call.sqs.SendMessageBatch", refused)
    told()
    wire.publish(records)
    assert len(told()) == 2


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 7))
def test_a_crash_at_any_call_loses_no_event(wire, open_stage, at, after):
    """Lambda hands the batch over again."""
    open_stage.run(1)
    records = wire.written()
    with fault(at, after=after) as crash, pytest.raises(Crash):
        wire.publish(records)
    assert crash.calls == ["TransactWriteItems", *4 * ["BatchGetItem"], "SendMessageBatch"][:at]

    wire.publish(records)
    assert len({event["id"] for event in told()}) == 2
