"""A sequence's daily cap holds for all its lanes together, whatever ticks at the same time."""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.sequence_items import sequence_item
from drumbeat.application.send_ports import Crew, LaneChange
from drumbeat.domain.times import DAY
from tests.stage import SEQUENCE, START, TENANT, mails_by_id


def cap(mails: int) -> None:
    sequence = bootstrap.sequences().get(TENANT, SEQUENCE)
    bootstrap.table().put(sequence_item(replace(sequence, daily_cap=mails)))


def used(crew: Crew) -> LaneChange:
    (lane,) = crew.looked_at
    return LaneChange(lane, replace(lane, next_free=1))


def test_all_steps_count_and_the_rest_leaves_the_next_days(stage, server):
    stage.open([server, server], contacts=5)
    cap(3)

    stage.run(minutes=30)
    assert len(server.taken) == 3
    for day in (1, 2, 3):
        stage.now = (START // DAY + day) * DAY
        stage.run(minutes=30)
        assert len(server.taken) == min(3 + 3 * day, 10)

    assert sorted(mails_by_id(server).values()) == [1] * 10


def test_two_ticks_at_once_hand_out_no_more_than_one(stage, server):
    """The second one looks and stores between the first one's look and its store."""
    stage.open([server, server], contacts=9)
    cap(3)
    events = aws.client("dynamodb").meta.events
    ticked = []

    def tick_in_between(**_: object) -> None:
        if not ticked:
            ticked.append(True)
            ticked.append(stage.tick())

    events.register("before-call.dynamodb.TransactWriteItems", tick_in_between)

    assert stage.tick() == {"lanes": 2, "hints": 0, "reapers": 0, "skipped": 2}
    assert ticked[1]["hints"] == len(stage.queue) == 3


def test_a_tick_that_looks_at_one_lane_only_minds_what_another_hands_out_from_its_neighbour(stage, server):
    stage.open([server, server], contacts=9)
    cap(3)
    lanes = bootstrap.lanes()
    names = lanes.awake(stage.now)
    (one,), (other,) = lanes.crews(names[:1])[:1], lanes.crews(names[1:])[:1]

    assert lanes.store_together(one, [used(one)])
    assert not lanes.store_together(other, [used(other)])
    (again,) = lanes.crews(names[1:])[:1]
    assert lanes.store_together(again, [used(again)])


def test_a_lost_place_comes_back(stage, server):
    stage.open([server], contacts=4)
    cap(2)
    stage.tick()
    stage.queue.clear()

    stage.run(minutes=20)

    assert len(server.taken) == 2


def test_a_capped_sequence_costs_a_read_and_a_transaction_more(stage, server):
    stage.open([server, server], contacts=4)
    cap(100)

    stage.tick()

    assert dict(aws.ledger.requests) == {
        "dynamodb.Query": 5, "dynamodb.BatchGetItem": 4, "dynamodb.TransactWriteItems": 1, "sqs.SendMessageBatch": 2,
    }  # fmt: skip
