"""A batch that stands still gets its messages again; one that moves, waits or is over is left alone."""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.domain.batch import STALL, BatchState
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from functions.timers.sweep import handler
from tests.batch_stage import MARK_IN_ORDER, BatchStage, counted, recount
from tests.world import Context

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def batches() -> BatchStage:
    return BatchStage()


def _lose(batches):
    """The messages on the queue never arrive."""
    return batches.waiting()


def test_with_nothing_open_a_sweep_is_two_queries(batches, monkeypatch):
    batches.start(ids=range(1, 201))
    batches.run()
    batches.start(ids=[1], skip_confirmation=False)
    batches.run()
    monkeypatch.setattr(clock, "now", lambda: batches.now + 24 * HOUR)

    swept = handler({}, Context(remaining=55_000))

    assert swept == {"looked_at": 0, "standing_still": 0, "groups": 0, "standing_groups": 0}
    assert dict(aws.ledger.requests) == {"dynamodb.Query": 2}


@pytest.mark.parametrize("action", [{}, {"action": MARK_IN_ORDER}], ids=["in_any_order", "in_order"])
@pytest.mark.parametrize("handled", range(7))
def test_whatever_message_is_lost_the_batch_is_finished(batches, action, handled):
    batch = batches.start(**action, ids=range(1, 251))
    for _ in range(handled):
        for message in batches.waiting()[:1]:
            batches.handle(message)
    _lose(batches)

    for _ in range(8):
        batches.now += STALL
        batches.sweep()
        batches.run()

    done = batches.batch(batch.number)
    assert done.state is BatchState.FINISHED
    assert counted(done) == recount(batches.items(batch.number))


def test_a_worker_that_died_before_it_said_so_does_not_keep_a_batch_from_its_end(batches, monkeypatch):
    batch = batches.start(ids=[1, 2])
    with monkeypatch.context() as dying:
        dying.setattr(type(batches.ports.batch.batches), "close", lambda *_, **__: True)
        batches.run()
    assert batches.batch(batch.number).state is BatchState.RUNNING

    batches.now += STALL
    batches.sweep()

    assert batches.batch(batch.number).state is BatchState.FINISHED
    assert batches.waiting() == []


def test_a_batch_that_moves_is_left_alone(batches):
    batches.start(ids=range(1, 251))
    (message,) = batches.waiting()
    batches.now += STALL - 1
    batches.handle(message)
    batches.waiting()
    batches.now += 1

    assert batches.sweep().standing_still == 0
    assert batches.waiting() == []


def test_behind_a_long_queue_messages_are_sent_again_ever_more_seldom(batches):
    batches.start(ids=[1])
    sent = []

    for minute in range(0, 24 * 60, 5):
        batches.now += STALL
        batches.sweep()
        sent += [minute] * len(_lose(batches))

    assert len(sent) <= 2 + 6 + 24 // 6


def test_a_batch_that_was_canceled_is_looked_at_until_its_chunks_are_settled(batches):
    batch = batches.start(ids=range(1, 251))
    batches.handle(batches.waiting()[0])
    batches.handle(batches.waiting()[0])
    _lose(batches)
    batches.cancel(batch.number)

    batches.now += STALL
    batches.sweep()
    batches.run()

    assert counted(batches.batch(batch.number)) == {"total": 250, "processed": 0, "failures": 0, "canceled": 250}
    assert list(bootstrap.batches().open(until=batches.now + 24 * HOUR)) == []
