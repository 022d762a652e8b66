"""A tick costs what is due, keeps every lane's pace, and may die or be doubled without harm."""

import json
from itertools import pairwise

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import SequenceStatus, Step
from drumbeat.domain.times import DAY, MINUTE, SECOND
from tests.scripted_smtp import ScriptedServer
from tests.stage import SEQUENCE, START, TENANT, TWO_STEPS, Stage, mails_by_id, person, recipients


def contacts(stage: Stage) -> list[int]:
    return [json.loads(message.body)["contact"] for message in stage.queue]


def test_an_empty_tick_is_one_read_whatever_is_stored(stage, server):
    stage.open([server] * 3, contacts=10)
    stage.run(minutes=20)
    for contact in range(100, 400):
        late = new_enrollment(TENANT, EnrollmentKey(SEQUENCE, contact), batch_number=1, batch_tag="t", now=START)
        bootstrap.table().put(enrollment_item(late))

    done = stage.tick()

    assert done == {"lanes": 0, "hints": 0, "reapers": 0, "skipped": 0}
    assert dict(aws.ledger.requests) == {"dynamodb.Query": 1}
    assert sum(aws.ledger.read_units.values()) <= 1


def test_a_lane_that_waits_for_a_follow_up_costs_nothing_until_then(stage, server):
    stage.open([server], steps=[TWO_STEPS[0], Step(2, "Again", "<p>x</p>", 3 * 24 * 60)])
    stage.run(minutes=15)

    requests = 0
    for _ in range(100):
        stage.tick()
        requests += aws.ledger.datastore_requests()
        stage.now += MINUTE

    assert requests == 100
    stage.now = START + 3 * DAY
    stage.run(minutes=3)
    assert len(server.taken) == 2


def test_mails_leave_at_the_pace_of_the_sequence(stage, server):
    stage.open([server], contacts=40, gap=(10, 20), steps=TWO_STEPS[:1])
    left = []
    server.meanwhile("dot", lambda: left.append(stage.now))

    stage.run(minutes=20)

    gaps = [late - early for early, late in pairwise(left)]
    assert len(left) == 40
    # A hint leaves the queue on a whole second, so a gap may be shorter or longer by less than one.
    assert all(9 * SECOND < gap < 21 * SECOND for gap in gaps)


@pytest.mark.parametrize("delay", [0, 1, 3, 60])
def test_a_follow_up_leaves_when_it_is_due(stage, server, delay):
    """The lane that sent the first step wakes in time, however short the delay; a tick may pass until it is seen."""
    stage.open([server], steps=[TWO_STEPS[0], Step(2, "Again", "<p>x</p>", delay)])
    left = []
    server.meanwhile("dot", lambda: left.append(stage.now))

    stage.run(minutes=delay + 3)

    first, second = left
    due = first + delay * MINUTE
    assert due <= second <= (due + 2 * SECOND if delay else due + MINUTE)


def test_batches_leave_in_order_and_priority_first(stage, server):
    stage.open([server], contacts=0)
    for contact, batch, priority in ((1, 2, False), (2, 1, False), (3, 1, True), (4, 0, False)):
        key = EnrollmentKey(SEQUENCE, contact)
        wanted = new_enrollment(
            TENANT, key, batch_number=batch, batch_tag="t", now=START - MINUTE + contact, priority=priority
        )
        bootstrap.table().put(enrollment_item(wanted))

    stage.tick()

    assert contacts(stage) == [4, 3, 2, 1]


def test_the_daily_limit_counts_first_steps_only(stage, server):
    stage.open([server], contacts=5, daily_limit=2)

    stage.run(minutes=30)
    assert len(server.taken) == 4

    stage.now = (START // DAY + 1) * DAY
    stage.run(minutes=30)
    assert len(server.taken) == 8


def test_a_sequence_that_is_paused_sleeps_and_wakes_where_it_stood(stage, server):
    stage.open([server], contacts=3, gap=(60, 60))
    stage.run(minutes=1)
    stage.change(status=SequenceStatus.PAUSED)
    stage.run(minutes=10)
    assert len(server.taken) == 1
    assert bootstrap.lanes().awake(stage.now + DAY) == []

    stage.change(status=SequenceStatus.ACTIVE)
    stage.wake()
    stage.run(minutes=30)

    assert sorted(mails_by_id(server).values()) == [1] * 6


def test_what_is_written_after_the_wake_is_seen_even_if_a_tick_came_in_between(stage, server):
    stage.open([server], contacts=0)
    stage.run(minutes=2)
    late = new_enrollment(TENANT, EnrollmentKey(SEQUENCE, 1), batch_number=1, batch_tag="t", now=stage.now)
    bootstrap.contacts().add([person(1)])
    bootstrap.table().put(enrollment_item(late))

    stage.run(minutes=2)

    assert recipients(server) == ["p1@corp.example"]


def test_a_tick_that_is_doubled_hints_once(stage, server):
    stage.open([server], contacts=5)

    stage.tick()
    stage.tick()

    assert sorted(contacts(stage)) == [1, 2, 3, 4, 5]


def test_a_lane_somebody_changed_meanwhile_is_left_for_the_next_tick(stage, server):
    """Two ticks look at the same lane: only one of them hands out its slots."""
    stage.open([server], contacts=5)
    query = "before-call.dynamodb.UpdateItem"
    events = aws.client("dynamodb").meta.events
    woken = []

    def wake_once(**_: object) -> None:
        if not woken:
            woken.append(True)
            stage.wake()

    events.register(query, wake_once)

    assert stage.tick() == {"lanes": 1, "hints": 0, "reapers": 0, "skipped": 1}
    assert stage.tick()["hints"] == 5


def test_a_deleted_sender_s_follow_ups_are_taken_over(stage, server):
    with ScriptedServer() as other:
        stage.open([server, other], contacts=2)
        stage.run(minutes=2)
        assert (len(server.taken), len(other.taken)) == (1, 1)
        stage.remove_sender(1)
        stage.wake([2])

        stage.run(minutes=20)

    assert (len(server.taken), len(other.taken)) == (1, 3)


def test_trouble_with_one_sequence_does_not_keep_the_others_waiting(stage, server, monkeypatch):
    stage.open([server], contacts=1)
    item = bootstrap.table().get(("T#1#SEQUENCE", f"{1:016d}"))
    bootstrap.table().put(
        item | {"SK": f"{2:016d}", "number": 2, "senders": [9], "min_wait_seconds": 5, "max_wait_seconds": 1}
    )
    sender = bootstrap.table().get(("T#1#SENDER", f"{1:016d}"))
    bootstrap.table().put(sender | {"SK": f"{9:016d}", "number": 9, "sequence": 2})
    row = new_enrollment(TENANT, EnrollmentKey(2, 1), batch_number=1, batch_tag="t", now=START)
    bootstrap.table().put(enrollment_item(row))
    stage.wake([9])

    with pytest.raises(ExceptionGroup):
        stage.tick()

    assert contacts(stage) == [1]
