"""A sender that serves many sequences keeps one pace and one cap for all of them, and each sequence's hours."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.adapters.dynamodb.sequence_items import sequence_item
from drumbeat.application.senders import NewSender
from drumbeat.application.sequences import resume_sequence
from drumbeat.application.shared_senders import NewSharedSender, create_shared_sender
from drumbeat.domain.enrollment import EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.lane import Lane
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import Sequence, SequenceStatus
from drumbeat.domain.times import HOUR, MINUTE, SECOND
from tests.scripted_smtp import ScriptedServer
from tests.stage import SEQUENCE, START, TENANT, TWO_STEPS, Stage, person

SHARED = 7
OTHER = 2


def open_shared(stage: Stage, server: ScriptedServer, *, sequences: int = 2, contacts: int = 2, steps=TWO_STEPS, **own):
    """A sender of no sequence, and sequences without senders whose contacts are bound to it."""
    stage.open([server], contacts=1, steps=steps)
    bootstrap.numbers().take(TENANT, Kind.SENDER, SHARED - 1)
    made = NewSender(
        None, "Ann", "ann@acme.example", 1000, host="127.0.0.1", port=server.port, username="ann", password="x"
    )
    create_shared_sender(
        bootstrap.sequences(),
        bootstrap.numbers(),
        bootstrap.vault(),
        tenant=TENANT,
        wanted=NewSharedSender(made, **own),
        intent=None,
        now=stage.now,
    )
    for number in range(OTHER, OTHER + sequences):
        bootstrap.table().put(sequence_item(replace(sequence(SEQUENCE), number=number, senders=())))
        bind(stage, number, range(100 * number, 100 * number + contacts))


def bind(stage: Stage, number: int, contacts, sender: int = SHARED, due: int = START - HOUR):
    bootstrap.sequences().add_mailbox(sequence(number), sender)
    bootstrap.lanes().wake(TENANT, [sender], stage.now, serves=number)
    bootstrap.contacts().add([person(contact) for contact in contacts])
    for contact in contacts:
        key = EnrollmentKey(number, contact)
        made = new_enrollment(
            TENANT, key, batch_number=1, batch_tag="t", now=START - HOUR + contact, due=due, bound_to=sender
        )
        bootstrap.table().put(enrollment_item(made))


def sequence(number: int) -> Sequence:
    found = bootstrap.sequences().get(TENANT, number)
    assert found is not None
    return found


def lane(sender: int = SHARED) -> Lane:
    item = bootstrap.table().get(keys.lane(TENANT, sender))
    assert item is not None
    return lane_of(item)


def of_sequences(stage: Stage) -> list[int]:
    return [json.loads(message.body)["sequence"] for message in stage.queue]


def state(sequence: int, contact: int):
    found = bootstrap.enrollments().get(TENANT, EnrollmentKey(sequence, contact))
    assert found is not None
    return found


@pytest.fixture
def other():
    with ScriptedServer() as made:
        yield made


def test_all_steps_of_what_is_bound_leave_through_its_sender(stage, server):
    open_shared(stage, server, sequences=3)

    stage.run(minutes=40)

    for number in range(OTHER, OTHER + 3):
        for contact in (100 * number, 100 * number + 1):
            found = state(number, contact)
            assert (found.state, found.sender) == (EnrollmentState.FINISHED, SHARED)
    assert len(server.taken) == 2 * 6 + 2  # two steps each, and those of the sequence with a sender of its own


def test_one_pace_holds_across_sequences(stage, server):
    open_shared(stage, server, sequences=3, contacts=4, steps=TWO_STEPS[:1], pace=(20, 30))
    stage.run(minutes=1)
    taken = []
    server.meanwhile("dot", lambda: taken.append(stage.now))

    stage.run(minutes=10)

    assert len(taken) > 8
    assert all(19 * SECOND < late - early < 31 * SECOND for early, late in pairwise(taken))


def test_a_sender_without_a_pace_keeps_that_of_the_sequence_whose_mail_went_last(stage, server):
    open_shared(stage, server, sequences=1, contacts=3, steps=TWO_STEPS[:1])
    bootstrap.table().put(sequence_item(replace(sequence(OTHER), min_wait_seconds=40, max_wait_seconds=40)))

    stage.tick()

    slots = sorted(json.loads(m.body)["at"] for m in stage.queue if json.loads(m.body)["sender"] == SHARED)
    assert slots == [START, START + 40 * SECOND, START + 80 * SECOND]


def test_sequences_take_turns(stage, server):
    open_shared(stage, server, sequences=3, contacts=9, steps=TWO_STEPS[:1], pace=(40, 40))

    turns = []
    for _ in range(4):
        stage.tick()
        turns += [number for number in of_sequences(stage) if number != SEQUENCE]
        stage.queue.clear()
        stage.now += 2 * MINUTE

    assert turns[:9] == [2, 3, 4] * 3


def test_the_mails_of_all_sequences_count_against_the_sender_s_cap(stage, server):
    open_shared(stage, server, sequences=2, contacts=4, daily_mails=3)

    stage.run(minutes=60)

    sent = [state(number, 100 * number + place).step for number in (2, 3) for place in range(4)]
    assert sum(sent) == 3
    stage.now = START + 24 * HOUR
    stage.run(minutes=3)
    sent = [state(number, 100 * number + place).step for number in (2, 3) for place in range(4)]
    assert sum(sent) == 6


def test_a_paused_sequence_holds_nobody_else_up(stage, server):
    open_shared(stage, server, sequences=2, steps=TWO_STEPS[:1])
    paused = replace(sequence(2), status=SequenceStatus.PAUSED)
    bootstrap.table().put(sequence_item(paused))

    stage.run(minutes=10)

    assert [state(number, 100 * number).state for number in (2, 3)] == [
        EnrollmentState.ACTIVE,
        EnrollmentState.FINISHED,
    ]
    assert lane().serves == (2,)

    resume_sequence(bootstrap.sequences(), bootstrap.lanes(), tenant=TENANT, number=2, now=stage.now)
    stage.run(minutes=10)

    assert state(2, 200).state is EnrollmentState.FINISHED


def test_each_sequence_keeps_its_own_hours(stage, server):
    open_shared(stage, server, sequences=2, contacts=1, steps=TWO_STEPS[:1])
    closed = Hours(((Span(0, 60),),) * 7, "UTC")  # open after midnight only
    bootstrap.table().put(sequence_item(replace(sequence(2), hours=closed)))

    stage.run(minutes=5)

    assert [state(number, 100 * number).state for number in (2, 3)] == [
        EnrollmentState.ACTIVE,
        EnrollmentState.FINISHED,
    ]
    wakes = lane().wake_at
    assert wakes is not None
    stage.now = wakes
    stage.run(minutes=2)
    assert state(2, 200).state is EnrollmentState.FINISHED


def test_a_sender_of_one_sequence_also_serves_others(stage, server, other):
    stage.open([other, other], contacts=6, steps=TWO_STEPS[:1], gap=(10, 10))
    bootstrap.table().put(sequence_item(replace(sequence(SEQUENCE), number=OTHER, senders=())))
    bind(stage, OTHER, range(200, 204), sender=1)

    stage.run(minutes=10)

    assert {state(OTHER, contact).sender for contact in range(200, 204)} == {1}
    assert {stage.enrollment(contact).state for contact in range(1, 7)} == {EnrollmentState.FINISHED}


def test_a_sender_whose_own_sequence_is_paused_goes_on_with_what_is_bound_to_it(stage, server):
    stage.open([server], contacts=2, steps=TWO_STEPS[:1])
    bootstrap.table().put(sequence_item(replace(sequence(SEQUENCE), number=OTHER, senders=())))
    bind(stage, OTHER, [200], sender=1)
    stage.change(status=SequenceStatus.PAUSED)

    stage.run(minutes=5)

    assert state(OTHER, 200).state is EnrollmentState.FINISHED
    assert stage.enrollment().state is EnrollmentState.ACTIVE


def test_mails_for_others_do_not_count_against_the_cap_of_the_sender_s_own_sequence(stage, server):
    stage.open([server], contacts=4, steps=TWO_STEPS[:1])
    bootstrap.table().put(sequence_item(replace(sequence(SEQUENCE), number=OTHER, senders=())))
    stage.change(daily_cap=2)
    bind(stage, OTHER, range(200, 205), sender=1)

    stage.run(minutes=15)

    assert {state(OTHER, contact).state for contact in range(200, 205)} == {EnrollmentState.FINISHED}
    assert sum(stage.enrollment(contact).step for contact in range(1, 5)) == 2


def test_a_lane_forgets_sequences_that_have_nothing_for_it_any_more(stage, server):
    open_shared(stage, server, sequences=2, contacts=1, steps=TWO_STEPS[:1])

    stage.run(minutes=20)

    assert lane().serves == ()
    assert lane().wake_at is None
    stage.tick()
    assert dict(aws.ledger.requests) == {"dynamodb.Query": 1}


def test_a_lane_that_waits_for_a_bound_follow_up_costs_nothing_until_then(stage, server):
    open_shared(stage, server, sequences=1, contacts=1, steps=(TWO_STEPS[0], replace(TWO_STEPS[1], delay_minutes=600)))
    stage.run(minutes=20)

    for _ in range(20):
        stage.tick()
        assert aws.ledger.datastore_requests() == 1
        stage.now += MINUTE


def test_what_was_enrolled_anew_for_another_sender_is_not_sent_by_the_old_hint(stage, server):
    open_shared(stage, server, sequences=1, contacts=1)
    messages = stage.hinted()
    again = new_enrollment(TENANT, EnrollmentKey(2, 200), batch_number=1, batch_tag="u", now=START, bound_to=8)
    bootstrap.table().put(enrollment_item(again))

    stage.work(messages)

    assert state(2, 200) == again


def test_what_was_enrolled_anew_for_everybody_is_not_sent_by_a_hint_for_one(stage, server):
    open_shared(stage, server, sequences=1, contacts=1)
    messages = stage.hinted()
    again = new_enrollment(TENANT, EnrollmentKey(2, 200), batch_number=1, batch_tag="u", now=START)
    bootstrap.table().put(enrollment_item(again))

    stage.work(messages)

    assert state(2, 200) == again
