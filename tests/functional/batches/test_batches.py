"""A batch from its start to its end: targets, confirmation, chunks, outcomes, counters."""

import pytest

from drumbeat import bootstrap
from drumbeat.application.batches import get_batch_item, list_batches
from drumbeat.domain.batch import BatchState, ItemState, item_number
from drumbeat.domain.condition import any_of, between
from drumbeat.domain.errors import BatchNotConfirming, BatchOver, NotFound, ValidationFailed, WrongCount
from tests.batch_stage import MARK_IN_ORDER, TENANT, BatchStage, counted, expected, recount


def _outcomes(stage, number):
    return [item.outcome for item in stage.items(number)]


def test_listed_targets_are_items_in_the_order_of_the_call_and_what_is_not_there_fails_by_name(stage):
    ids = [5, 300, 7, 1, 9_999, 250]

    batch = stage.start(ids=ids)
    stage.run()

    assert [item.target for item in stage.items(batch.number)] == ids
    assert _outcomes(stage, batch.number) == expected(ids, there=250)
    assert counted(stage.batch(batch.number)) == recount(stage.items(batch.number))
    assert stage.batch(batch.number).failures_by_code == {"NOT_FOUND": 2, "NO_SEVENS": 1}
    assert stage.batch(batch.number).state is BatchState.FINISHED
    assert set(stage.marks()) == {5, 1, 250}


def test_an_id_that_is_listed_twice_is_one_item(stage):
    batch = stage.start(ids=[3, 4, 3])
    stage.run()

    assert [item.target for item in stage.items(batch.number)] == [3, 4]


def test_conditions_choose_the_targets(stage):
    batch = stage.start(conditions=(any_of("grey", True), between("number", 100, 110)))
    stage.run()

    assert [item.target for item in stage.items(batch.number)] == [100, 102, 104, 106, 108, 110]


def test_ids_and_conditions_together_are_what_meets_both(stage):
    batch = stage.start(ids=[9, 8, 900, 2], conditions=(any_of("grey", True),))
    stage.run()

    assert [(item.target, item.outcome.code) for item in stage.items(batch.number)] == [
        (8, None),
        (900, "NOT_FOUND"),
        (2, None),
    ]


@pytest.mark.parametrize("action", [{}, {"action": MARK_IN_ORDER}], ids=["in_any_order", "in_order"])
def test_a_batch_of_250_is_chunks_of_which_every_item_has_an_outcome(stage, action):
    batch = stage.start(**action, ids=range(1, 251))
    stage.run()

    done = stage.batch(batch.number)
    assert _outcomes(stage, batch.number) == expected(range(1, 251), there=250)
    assert counted(done) == recount(stage.items(batch.number))
    assert (done.state, done.chunks, done.chunks_settled, done.pending) == (BatchState.FINISHED, 3, 3, 0)


def test_everything_always_stops_for_confirmation_even_if_told_to_skip_it(stage):
    batch = stage.start(skip_confirmation=True)
    stage.run()

    waiting = stage.batch(batch.number)
    assert (waiting.state, waiting.confirm_count, waiting.pending) == (BatchState.CONFIRMING, 250, 250)
    assert stage.marks() == {}
    assert stage.confirm(batch.number).state is BatchState.RUNNING
    stage.run()
    assert stage.batch(batch.number).state is BatchState.FINISHED
    assert counted(stage.batch(batch.number)) == recount(stage.items(batch.number))


def test_everything_runs_unconfirmed_only_where_the_operator_allows_it(stage):
    batch = stage.start(skip_confirmation=True, unconfirmed=True)
    stage.run()

    assert stage.batch(batch.number).state is BatchState.FINISHED


def test_who_does_not_skip_confirmation_has_to_confirm(stage):
    batch = stage.start(ids=[1, 2], skip_confirmation=False)
    stage.run()

    assert stage.batch(batch.number).state is BatchState.CONFIRMING
    assert stage.batch(batch.number).confirm_count == 2


@pytest.mark.parametrize("count", [None, 1, 3])
def test_a_wrong_count_confirms_nothing_where_the_count_is_required(stage, count):
    batch = stage.start(ids=[1, 2], skip_confirmation=False, count_required=True)
    stage.run()
    before = stage.batch(batch.number)

    with pytest.raises(WrongCount) as refusal:
        stage.confirm(batch.number, count)

    assert refusal.value.details["count"] == 2
    assert stage.batch(batch.number) == before
    assert stage.confirm(batch.number, 2).state is BatchState.RUNNING


def test_a_wrong_count_confirms_nothing_even_where_none_is_required(stage):
    batch = stage.start(ids=[1, 2], skip_confirmation=False)
    stage.run()

    with pytest.raises(WrongCount):
        stage.confirm(batch.number, 7)


def test_what_is_not_waiting_for_confirmation_cannot_be_confirmed(stage):
    batch = stage.start(ids=[1, 2])

    with pytest.raises(BatchNotConfirming):
        stage.confirm(batch.number)
    stage.run()
    with pytest.raises(BatchOver):
        stage.confirm(batch.number)
    with pytest.raises(BatchOver):
        stage.cancel(batch.number)


def test_targets_that_nobody_meets_are_a_finished_batch_that_asked_for_nothing(stage):
    batch = stage.start(conditions=(any_of("number", 1_000),), skip_confirmation=False)
    stage.run()

    done = stage.batch(batch.number)
    assert (done.state, done.total, done.pending) == (BatchState.FINISHED, 0, 0)
    assert stage.items(batch.number) == []


@pytest.mark.parametrize("ids", [[], [-1], [1 << 53]])
def test_no_ids_and_ids_that_are_none_are_refused(stage, ids):
    with pytest.raises(ValidationFailed):
        stage.start(ids=ids)

    assert stage.waiting() == []


def test_the_same_intent_starts_one_batch(stage):
    first = stage.start(ids=[1, 2], intent="k")

    again = stage.start(ids=[1, 2], intent="k")

    assert again == first
    stage.run()
    assert [batch.number for batch in list_batches(bootstrap.batches(), tenant=TENANT)] == [first.number]


def test_batches_are_listed_by_number_behind_a_number(stage):
    numbers = [stage.start(ids=[1]).number for _ in range(3)]

    listed = list(list_batches(bootstrap.batches(), tenant=TENANT, after=numbers[0]))

    assert [batch.number for batch in listed] == numbers[1:]
    assert listed[0] == stage.batch(numbers[1])


def test_params_and_conditions_come_back_as_they_were(stage):
    params = {"tags": ["vip"], "nothing": None, "score": 1.5, "deep": {"n": 10**20}}
    conditions = (any_of("grey", True), between("number", None, 5))

    batch = stage.start(params=params, conditions=conditions, external_start_payload="{}")

    kept = stage.batch(batch.number)
    assert (kept.params, kept.target.conditions, kept.external_start_payload) == (params, conditions, "{}")
    assert kept == batch


def test_an_item_is_found_by_its_number(stage):
    batch = stage.start(ids=range(1, 251))
    stage.run()

    item = get_batch_item(bootstrap.batches(), tenant=TENANT, number=item_number(batch.number, 123))

    assert (item.index, item.target, item.state) == (123, 124, ItemState.FINISHED)
    for missing in (item_number(batch.number, 250), item_number(batch.number + 1, 0), 0):
        with pytest.raises(NotFound):
            get_batch_item(bootstrap.batches(), tenant=TENANT, number=missing)
    with pytest.raises(NotFound):
        get_batch_item(bootstrap.batches(), tenant=TENANT + 1, number=item_number(batch.number, 123))


def test_a_search_that_runs_out_of_time_goes_on_by_message_where_it_stopped(aws):
    stage = BatchStage(count=1_000)
    batch = stage.start(conditions=(any_of("grey", True),))
    (message,) = stage.waiting()

    stage.handle(message, out_of_time=lambda: True)

    half = stage.batch(batch.number)
    assert (half.state, half.after, half.total) == (BatchState.RESOLVING, 255, 127)
    stage.run()
    assert [item.target for item in stage.items(batch.number)] == list(range(2, 1_001, 2))
    assert stage.batch(batch.number).state is BatchState.FINISHED


def test_a_second_batch_over_the_same_targets_does_nothing_and_says_so(stage):
    stage.start(ids=[1, 2])
    stage.run()

    again = stage.start(ids=[1, 2, 3])
    stage.run()

    assert [item.outcome.code for item in stage.items(again.number)] == ["MARKED_BEFORE", "MARKED_BEFORE", None]


def test_chunks_of_an_ordered_action_are_run_one_after_the_other(stage):
    stage.start(MARK_IN_ORDER, ids=range(1, 251))

    while messages := stage.waiting():
        assert len(messages) == 1
        stage.handle(messages[0])

    assert [targets[0] for targets in stage.marking.ran] == [1, 101, 201]
