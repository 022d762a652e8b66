"""A sequence's daily cap holds for all its lanes together, whatever ticks at the same time."""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.sequence_items import sequence_item
from drumbeat.domain.times import DAY, MINUTE
from tests.stage import SEQUENCE, START, TENANT, TWO_STEPS, mails_by_id


def cap(mails: int) -> None:
    sequence = bootstrap.sequences().get(TENANT, SEQUENCE)
    bootstrap.table().put(sequence_item(replace(sequence, daily_cap=mails)))


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


def test_a_lost_place_comes_back(stage, server):
    stage.open([server], contacts=4)
    cap(2)
    stage.tick()
    stage.queue.clear()

    stage.run(minutes=20)

    assert len(server.taken) == 2


def test_a_capped_sequence_costs_a_read_more_and_on_the_first_look_of_a_day_two(stage, server):
    stage.open([server, server], contacts=40, steps=TWO_STEPS[:1])
    stage.change(min_wait_seconds=30, max_wait_seconds=30, daily_cap=1000)

    for reads in (5, 4):
        assert stage.tick()["hints"] > 0
        of_table = {name: count for name, count in aws.ledger.requests.items() if name.startswith("dynamodb")}
        assert of_table["dynamodb.BatchGetItem"] == reads
        assert of_table["dynamodb.TransactWriteItems"] == 2
        assert set(of_table) == {"dynamodb.Query", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"}
        stage.now += 2 * MINUTE
