"""A worker sends each step once, nothing after a stop, and loses nothing."""

from dataclasses import replace
from email import message_from_bytes
from itertools import batched
from unittest.mock import Mock

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys, sequences
from drumbeat.adapters.dynamodb.contact_items import contact_item
from drumbeat.adapters.dynamodb.sends import AttemptStore
from drumbeat.application.deliver import SIGN_GOOD_FOR
from drumbeat.application.send_step import Outcome
from drumbeat.domain.delivery import WORKER_DIED
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.entrypoints import logs
from tests.faults import Crash, fault
from tests.scripted_smtp import DROP, ScriptedServer
from tests.stage import SEQUENCE, START, TENANT, TWO_STEPS, Message, mails_by_id, recipients


def test_a_step_is_sent_and_the_next_one_waits_for_its_time(stage, server):
    stage.open([server])

    stage.work(stage.hinted())

    enrollment = stage.enrollment()
    assert recipients(server) == ["p1@corp.example"]
    assert (enrollment.step, enrollment.sender, enrollment.owner, enrollment.lease) == (1, 1, None, None)
    assert (enrollment.sent_at, enrollment.due) == (stage.now, stage.now + 10 * MINUTE)


def test_a_message_delivered_again_sends_nothing(stage, server):
    stage.open([server])
    messages = stage.hinted()

    for _ in range(3):
        stage.work(messages)
    stage.work(messages * 3)

    assert len(server.taken) == 1


def test_the_whole_sequence_is_sent_once_and_then_rests(stage, server):
    stage.open([server], contacts=5)

    stage.run(minutes=20, copies=2)

    assert sorted(mails_by_id(server).values()) == [1] * 10
    assert {stage.enrollment(contact).state for contact in range(1, 6)} == {EnrollmentState.FINISHED}
    assert bootstrap.lanes().awake(stage.now + 10**12) == []


def test_what_goes_well_pays_nothing_for_the_list_of_what_does_not(stage, server):
    """Without attributes of its own it has no place in the index, and writes to none."""
    stage.open([server], contacts=2, steps=TWO_STEPS[:1])

    stage.work(stage.hinted())

    for contact in (1, 2):
        item = bootstrap.table().get(keys.enrollment(TENANT, EnrollmentKey(SEQUENCE, contact)))
        assert not {"spk", "ssk", "parked_at", "parked_reason"} & item.keys()
    assert list(bootstrap.table().items(keys.parked(TENANT), index="status")) == []


@pytest.mark.parametrize("senders", [1, 10])
def test_a_step_costs_at_most_1_2_requests_and_4_write_units(stage, server, senders):
    """Architecture §10, for batches as a busy queue hands them over: of one sender, and of ten."""
    stage.open([server] * senders, contacts=40)
    messages = stage.hinted()
    aws.ledger.clear()

    for batch in batched(messages, 10, strict=True):
        stage.work(batch)

    assert len(server.taken) == 40
    assert aws.ledger.datastore_requests() <= 1.2 * 40
    assert sum(aws.ledger.write_units.values()) <= 4 * 40


def test_a_hint_that_comes_long_after_its_slot_claims_nothing(stage, server):
    """A queue that was held up does not empty itself at once: the lane hands out new slots."""
    stage.open([server])
    messages = stage.hinted()
    stage.now += 2 * MINUTE

    stage.work(messages)
    assert (server.taken, stage.enrollment().owner) == ([], None)

    stage.run(minutes=10)
    assert len(server.taken) == 1


def test_follow_ups_stay_in_the_thread_of_the_first_mail(stage, server):
    stage.open([server])

    stage.run(minutes=15)

    first, second = (message_from_bytes(mail) for mail in server.taken)
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]


def test_a_window_that_closed_since_the_hint_moves_the_mail(stage, server):
    stage.open([server])
    messages = stage.hinted()
    opens = stage.now + 3 * HOUR
    stage.change(hours=Hours(((Span(0, 1440),),) * 7, "UTC", not_before=opens))

    stage.work(messages)

    enrollment = stage.enrollment()
    assert (server.taken, enrollment.due, enrollment.timed, enrollment.owner) == ([], opens, True, None)
    stage.run(minutes=3 * 60)
    assert server.taken == []
    stage.run(minutes=5)
    assert len(server.taken) == 1


def test_trouble_with_the_sender_costs_no_contact_an_attempt(stage):
    with ScriptedServer({"connect": DROP}) as dead:
        stage.open([dead], contacts=5)
        stage.run(minutes=120)

    assert {(stage.enrollment(contact).attempts, stage.enrollment(contact).owner) for contact in range(1, 6)} == {
        (0, None)
    }
    assert dead.connections <= 6


def test_a_sender_whose_login_is_refused_three_times_is_switched_off(stage):
    with ScriptedServer({"auth": "535 wrong password"}) as server:
        stage.open([server], contacts=5)
        stage.run(minutes=24 * 60)

    sender = bootstrap.sequences().sender(TENANT, 1)
    assert server.connections == 3
    assert sender.disabled_at is not None
    assert "535 wrong password" in sender.disabled_reason
    assert {stage.enrollment(contact).state for contact in range(1, 6)} == {EnrollmentState.ACTIVE}


def test_a_sender_that_gets_through_again_has_recovered(stage):
    with ScriptedServer({"connect": [DROP, DROP, "220 ready"]}) as server:
        stage.open([server], contacts=3, steps=TWO_STEPS[:1])
        stage.run(minutes=60)

    sender = bootstrap.sequences().sender(TENANT, 1)
    assert len(server.taken) == 3
    assert (sender.troubles, sender.resting_until, sender.trouble) == (0, None, None)


@pytest.mark.parametrize(
    ("greeting", "outcome", "mails"), [("220 ready", Outcome.ATTEMPTED, 1), (DROP, Outcome.RELEASED, 0)]
)
def test_what_became_of_a_mail_is_told_though_its_sender_s_health_can_not_be_noted(
    stage, monkeypatch, greeting, outcome, mails
):
    error, told = OSError("no store"), []
    monkeypatch.setattr(AttemptStore, "note_health", Mock(side_effect=error))
    monkeypatch.setattr(logs, "fields_of", lambda report: told.append(report) or {})
    with ScriptedServer({"connect": greeting}) as server:
        stage.open([server], steps=TWO_STEPS[:1])
        sender = bootstrap.sequences().sender(TENANT, 1)
        bootstrap.table().put(sequences.sender_item(replace(sender, troubles=1)))

        again = stage.work(stage.hinted())

    assert [(report.outcome, report.trouble, report.aside) for report in told] == [(outcome, None, error)]
    assert (again, len(server.taken), stage.enrollment().owner) == ([], mails, None)


def test_a_stopped_enrollment_does_not_stay_claimed_by_a_dead_worker(stage, server):
    stage.open([server])
    messages = stage.hinted()
    bootstrap.token_keys()  # read once per container
    with fault(2, after=False), pytest.raises(Crash):
        stage.work(messages)
    bootstrap.signals().take_out(stage.enrollment(), EnrollmentState.UNSUBSCRIBED, stage.now)
    stage.now += 10 * MINUTE

    stage.work(messages)

    enrollment = stage.enrollment()
    assert (enrollment.state, enrollment.owner, enrollment.lease) == (EnrollmentState.UNSUBSCRIBED, None, None)
    assert enrollment.parked_reason == WORKER_DIED
    assert server.taken == []


def test_one_look_for_stops_serves_the_mails_of_one_second(stage, server):
    stage.open([server], contacts=10)
    messages = stage.hinted()

    def slow() -> None:
        stage.now += SIGN_GOOD_FOR // 2

    server.meanwhile("dot", slow)
    aws.ledger.clear()

    stage.work(messages)

    assert len(server.taken) == 10
    assert aws.ledger.requests["dynamodb.BatchGetItem"] == 1 + 4


def test_a_stop_is_seen_a_second_later_by_mails_that_were_claimed_with_others(stage, server):
    stage.open([server], contacts=3)
    messages = stage.hinted()

    def unsubscribing() -> None:
        if len(server.taken) == 0:
            bootstrap.signals().suppress(TENANT, 2, stage.now)
            stage.now += SIGN_GOOD_FOR + 1

    server.meanwhile("dot", unsubscribing)

    stage.work(messages)

    assert recipients(server) == ["p1@corp.example", "p3@corp.example"]
    assert stage.enrollment(2).state is EnrollmentState.UNSUBSCRIBED


def test_mails_of_two_tenants_are_not_taken_for_each_other(stage, server):
    """Contacts of both have the same numbers; the stop of one is no stop of the other."""
    stage.open([server])
    stage.open([server], tenant=2)
    messages = stage.hinted()
    bootstrap.signals().suppress(TENANT, 1, stage.now)

    stage.work(messages)

    assert len(messages) == 2
    assert (stage.enrollment().state, stage.enrollment(tenant=2).step) == (EnrollmentState.UNSUBSCRIBED, 1)


def test_nothing_leaves_after_a_pause_and_it_goes_on_after_it(stage, server):
    stage.open([server])
    messages = stage.hinted()
    stage.change(status=SequenceStatus.PAUSED)

    stage.work(messages)

    assert server.taken == []
    assert stage.enrollment().owner is None
    stage.change(status=SequenceStatus.ACTIVE)
    stage.wake()
    stage.run(minutes=10)
    assert len(server.taken) == 1


def test_nothing_leaves_from_a_sender_that_is_switched_off(stage, server):
    stage.open([server])
    messages = stage.hinted()
    sender = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().update_sender(replace(sender, disabled_at=START))

    stage.work(messages)

    assert server.taken == []
    assert stage.enrollment().state is EnrollmentState.ACTIVE


def test_a_deleted_sender_s_hints_go_nowhere(stage, server):
    stage.open([server, server])
    messages = stage.hinted()
    for number in (1, 2):
        stage.remove_sender(number)

    stage.work(messages)

    assert server.taken == []


def test_nothing_leaves_to_an_unsubscribed_contact(stage, server):
    stage.open([server])
    messages = stage.hinted()
    bootstrap.signals().suppress(TENANT, 1, stage.now)

    stage.work(messages)

    enrollment = stage.enrollment()
    assert server.taken == []
    assert (enrollment.state, enrollment.unsubscribed_at) == (EnrollmentState.UNSUBSCRIBED, stage.now)


def test_nothing_leaves_to_a_deleted_contact(stage, server):
    stage.open([server])
    messages = stage.hinted()
    bootstrap.contacts().remove([bootstrap.contacts().get(TENANT, 1)])

    stage.work(messages)

    assert server.taken == []
    assert stage.enrollment().state is EnrollmentState.REMOVED


def test_nothing_leaves_to_a_contact_that_has_no_address_any_more(stage, server):
    stage.open([server])
    messages = stage.hinted()
    contact = bootstrap.contacts().get(TENANT, 1)
    bootstrap.table().put(contact_item(replace(contact, email=None)))

    stage.work(messages)

    assert (server.taken, stage.enrollment().state) == ([], EnrollmentState.REMOVED)


def test_nothing_leaves_to_a_contact_another_address_of_whom_is_suppressed(stage, server):
    stage.open([server])
    contact = bootstrap.contacts().get(TENANT, 1)
    bootstrap.table().put(contact_item(replace(contact, other_emails=("second@corp.example",))))
    bootstrap.signals().suppress_address(TENANT, "second@corp.example", stage.now)

    stage.work(stage.hinted())

    assert (server.taken, stage.enrollment().state) == ([], EnrollmentState.UNSUBSCRIBED)


def test_an_unsubscribe_during_the_dialogue_holds_the_mail_back(stage, server):
    """Committed after the claim, seen right before the content."""
    stage.open([server])
    messages = stage.hinted()

    def unsubscribing() -> None:
        bootstrap.signals().suppress(TENANT, 1, stage.now)

    server.meanwhile("rcpt", unsubscribing)

    stage.work(messages)

    assert server.taken == []
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_a_stop_that_comes_too_late_stays_a_stop_and_the_mail_is_noted(stage, server):
    stage.open([server])
    messages = stage.hinted()

    def stopping() -> None:
        bootstrap.signals().take_out(stage.enrollment(), EnrollmentState.UNSUBSCRIBED, stage.now)

    server.meanwhile("dot", stopping)

    stage.work(messages)

    enrollment = stage.enrollment()
    assert (enrollment.state, enrollment.step, enrollment.sent_at) == (EnrollmentState.UNSUBSCRIBED, 1, stage.now)
    assert (enrollment.owner, len(server.taken)) == (None, 1)
    stage.wake()
    stage.run(minutes=20)
    assert len(server.taken) == 1


def test_a_doubt_about_a_mail_is_noted_beside_a_stop_that_came_meanwhile(stage):
    with ScriptedServer({"dot": DROP}) as server:
        stage.open([server])
        messages = stage.hinted()

        def stopping() -> None:
            bootstrap.signals().take_out(stage.enrollment(), EnrollmentState.REPLIED, stage.now)

        server.meanwhile("dot", stopping)

        stage.work(messages)

    enrollment = stage.enrollment()
    assert (enrollment.state, enrollment.owner, enrollment.step) == (EnrollmentState.REPLIED, None, 0)
    assert (enrollment.parked_at, bool(enrollment.parked_reason)) == (stage.now, True)


def test_an_open_during_the_dialogue_is_not_overwritten(stage, server):
    stage.open([server])
    messages = stage.hinted()

    def opening() -> None:
        opened = MailSignal(SignalKind.OPENED, 0, 1)
        bootstrap.signals().note(TENANT, stage.enrollment().key, opened, stage.now, also={"opened_at": stage.now})

    server.meanwhile("dot", opening)

    stage.work(messages)

    assert (stage.enrollment().opened_at, stage.enrollment().step) == (stage.now, 1)


def test_a_refused_recipient_bounces(stage):
    with ScriptedServer({"rcpt": "550 5.1.1 no such user"}) as server:
        stage.open([server])
        stage.run(minutes=30)

    enrollment = stage.enrollment()
    assert (enrollment.state, enrollment.bounce_reason) == (EnrollmentState.BOUNCED, "550 5.1.1 no such user")
    assert server.connections == 1


def test_a_mail_that_is_put_off_is_tried_again_until_it_leaves(stage):
    with ScriptedServer({"rcpt": ["451 later", "451 later", "250 ok"]}) as server:
        stage.open([server])
        stage.run(minutes=5)
        assert (stage.enrollment().attempts, server.taken) == (1, [])
        stage.run(minutes=60)

    assert sorted(mails_by_id(server).values()) == [1, 1]
    assert stage.enrollment().state is EnrollmentState.FINISHED


@pytest.mark.parametrize("script", [{"connect": DROP}, {"auth": "535 wrong password"}], ids=str)
def test_a_dead_sender_loses_nobody_and_blocks_nobody(stage, script):
    with ScriptedServer(script) as dead, ScriptedServer() as alive:
        stage.open([dead, alive], contacts=8, steps=TWO_STEPS[:1])
        stage.run(minutes=1)
        assert len(alive.taken) == 4
        stage.run(minutes=180)

    assert sorted(mails_by_id(alive).values()) == [1] * 8
    assert dead.taken == []


def test_a_mail_in_doubt_is_parked_and_never_sent_again(stage):
    with ScriptedServer({"dot": DROP}) as server:
        stage.open([server])
        stage.run(minutes=60, copies=2)

    assert stage.enrollment().state is EnrollmentState.PARKED
    assert len(server.taken) == 1
    assert bootstrap.lanes().awake(stage.now + 10**12) == []


def test_a_hint_for_another_step_another_epoch_or_before_its_time_is_stale(stage, server):
    stage.open([server])
    (message,) = stage.hinted()
    odd = [message.body.replace(*change) for change in (('"step": 0', '"step": 1'), ('"epoch": 0', '"epoch": 1'))]

    stage.work([replace(message, body=body) for body in odd])
    stage.now = START - 10**9
    stage.work([message])

    assert server.taken == []
    assert stage.enrollment().owner is None


def test_a_message_nobody_understands_comes_again_and_spoils_nothing(stage, server):
    stage.open([server])
    messages = stage.hinted()
    odd = [Message(0, body) for body in ('{"v": 99}', "not json", "[]", '{"v": 1, "tenant": 1, "sender": 1}')]

    again = stage.work([*odd, *messages])

    assert sorted(again) == sorted(message.body for message in odd)
    assert len(server.taken) == 1


def test_what_can_not_be_finished_in_time_is_not_begun(stage, server):
    stage.open([server])
    messages = stage.hinted()

    again = stage.work(messages, remaining=60_000)

    assert again == [message.body for message in messages]
    assert stage.enrollment().owner is None
