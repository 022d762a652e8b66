"""Whatever dies, comes twice or comes late: the same outcomes, counters that equal a recount, one end."""

from random import Random

import pytest

from drumbeat.domain.batch import BatchState, ChunkState, ItemState
from tests.batch_stage import MARK, MARK_IN_ORDER, BatchStage, counted, expected, recount
from tests.faults import Crash, fault

IDS = [*range(2, 250), 7_000, 1]
pytestmark = pytest.mark.usefixtures("aws")


def _check_finished(stage, number, ids=IDS):
    done, items = stage.batch(number), stage.items(number)
    assert [item.target for item in items] == list(ids)
    assert [item.outcome for item in items] == expected(ids, there=250)
    assert counted(done) == recount(items)
    assert (done.state, done.pending, done.chunks_settled) == (BatchState.FINISHED, 0, done.chunks)
    assert set(stage.marks()) == {target for target in ids if target <= 250 and target % 7}


def _calls_of(action):
    stage = BatchStage(tenant=9_999)
    stage.start(action, ids=IDS)
    with fault(0, after=False) as counting:
        stage.run()
    return len(counting.calls)


@pytest.mark.parametrize("action", [MARK, MARK_IN_ORDER])
@pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
def test_a_worker_that_dies_at_any_call_is_made_up_for_by_its_message(action, after):
    calls = _calls_of(action)
    assert calls >= 30
    for k in range(1, calls + 1):
        stage = BatchStage(tenant=k)
        batch = stage.start(action, ids=IDS)

        again = stage.run_until_it_dies(k, after=after)

        assert again, k
        for message in again:
            stage.handle(message)
        stage.run()
        _check_finished(stage, batch.number)
        end = stage.batch(batch.number)
        stage.now += 1
        for message in again:
            stage.handle(message)
        stage.run()
        assert stage.batch(batch.number) == end, k


@pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
def test_a_call_that_dies_is_made_up_for_by_the_same_call(after):
    stage = BatchStage()
    for k in range(1, 4):
        with fault(k, after=after), pytest.raises(Crash):
            stage.start(ids=[k], intent=f"k{k}")

        batch = stage.start(ids=[k], intent=f"k{k}")

        stage.run()
        assert stage.batch(batch.number).state is BatchState.FINISHED, k
        assert len(stage.items(batch.number)) == 1


@pytest.mark.parametrize("action", [MARK, MARK_IN_ORDER])
@pytest.mark.parametrize("seed", range(5))
def test_messages_that_come_twice_and_in_any_order_count_nothing_twice(action, seed):
    rng, stage = Random(seed), BatchStage()  # noqa: S311 - a schedule, not a secret
    batch = stage.start(action, ids=IDS)
    said = []

    while messages := stage.waiting():
        said += messages
        late = [rng.choice(said) for _ in range(3)]
        for message in rng.sample([*messages, *messages, *late], k=2 * len(messages) + 3):
            stage.handle(message)

    _check_finished(stage, batch.number)


@pytest.mark.parametrize("action", [MARK, MARK_IN_ORDER])
@pytest.mark.parametrize("handled", range(6))
def test_a_batch_that_is_canceled_begins_no_other_chunk_and_every_item_is_done_or_canceled(action, handled):
    stage = BatchStage()
    batch = stage.start(action, ids=IDS)
    waiting = stage.waiting()
    for _ in range(handled):
        if waiting:
            stage.handle(waiting.pop(0))
            waiting += stage.waiting()
    if stage.batch(batch.number).state.over:
        return
    ran = len(stage.marking.ran)

    canceled = stage.cancel(batch.number)
    for message in waiting:
        stage.handle(message)
    stage.run()

    assert canceled.state is BatchState.CANCELED
    assert len(stage.marking.ran) == ran
    done, items = stage.batch(batch.number), stage.items(batch.number)
    assert {item.state for item in items} <= {ItemState.FINISHED, ItemState.ERROR, ItemState.CANCELED}
    assert counted(done) == recount(items)
    assert done.pending == 0
    assert set(stage.marks()) == {item.target for item in items if item.state is ItemState.FINISHED}


def test_a_chunk_that_is_at_work_when_the_batch_is_canceled_comes_to_its_end_and_says_what_it_did():
    stage = BatchStage()
    batch = stage.start(ids=IDS)
    stage.marking.meanwhile = lambda: stage.cancel(batch.number)

    stage.run()

    assert [chunk.state for chunk in stage.chunks(batch.number)] == [
        ChunkState.DONE,
        ChunkState.CANCELED,
        ChunkState.CANCELED,
    ]
    assert counted(stage.batch(batch.number)) == recount(stage.items(batch.number))
    assert stage.batch(batch.number).state is BatchState.CANCELED


def test_a_chunk_whose_worker_died_before_the_cancel_is_done_not_canceled():
    stage = BatchStage()
    batch = stage.start(ids=[1, 2])

    def die() -> None:
        raise Crash

    stage.handle(stage.waiting()[0])
    stage.handle(stage.waiting()[0])
    (chunk,) = stage.waiting()
    stage.marking.meanwhile = die
    with pytest.raises(Crash):
        stage.handle(chunk)
    stage.cancel(batch.number)

    stage.marking.meanwhile = lambda: None
    stage.handle(chunk)

    assert [item.state for item in stage.items(batch.number)] == [ItemState.FINISHED, ItemState.FINISHED]
    assert counted(stage.batch(batch.number)) == recount(stage.items(batch.number))
