"""What failed five times is brought to an end: poisoned items are failed by name, their neighbours are done."""

import json

import pytest

from drumbeat.application.batch_work import UnknownMessage
from drumbeat.domain.batch import WENT_WRONG, BatchState
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.ids import Kind, resource_number
from functions.workers.bury_batch_chunk import handler
from tests.batch_stage import MARK_IN_ORDER, BatchStage, counted, expected, recount
from tests.contract.scene import tenant_of
from tests.world import Context, imported, new_tenant, people, started

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def batches() -> BatchStage:
    return BatchStage()


def _run_with_dead_letters(batches):
    while messages := batches.waiting():
        for message in messages:
            try:
                batches.handle(message)
            except RuntimeError:
                batches.bury(message)


@pytest.mark.parametrize("action", [{}, {"action": MARK_IN_ORDER}], ids=["in_any_order", "in_order"])
def test_a_poisoned_item_fails_by_name_and_the_batch_still_finishes(batches, action):
    batches.marking.poisoned = {13, 113}
    batch = batches.start(**action, ids=range(1, 251))

    _run_with_dead_letters(batches)

    outcomes = expected(range(1, 251), there=250)
    outcomes[12] = outcomes[112] = WENT_WRONG
    assert [item.outcome for item in batches.items(batch.number)] == outcomes
    done = batches.batch(batch.number)
    assert done.state is BatchState.FINISHED
    assert done.failures_by_code["INTERNAL_ERROR"] == 2
    assert counted(done) == recount(batches.items(batch.number))


def test_a_store_that_is_busy_is_no_poison(batches, monkeypatch):
    batch = batches.start(ids=[1, 2])
    batches.handle(batches.waiting()[0])
    batches.handle(batches.waiting()[0])
    (chunk,) = batches.waiting()

    def busy(*_: object) -> None:
        raise StoreBusy("The store is busy. Try again.")

    with monkeypatch.context() as under_load:
        under_load.setattr(type(batches.marking), "run", busy)
        with pytest.raises(StoreBusy):
            BatchStage().bury(chunk)

    assert batches.batch(batch.number).processed == 0


def test_a_batch_whose_targets_cannot_be_found_is_failed(batches):
    batch = batches.start(ids=[1, 2])
    (message,) = batches.waiting()
    del batches.ports.batch.pools[batch.target.kind]  # type: ignore[attr-defined]

    batches.bury(message)

    assert batches.batch(batch.number).state is BatchState.FAILED
    assert batches.waiting() == []


def test_a_search_that_only_failed_by_accident_goes_on(batches):
    batch = batches.start(ids=[1, 2])

    batches.bury(batches.waiting()[0])
    batches.run()

    assert batches.batch(batch.number).state is BatchState.FINISHED


def test_what_is_said_again_of_a_batch_that_is_over_changes_nothing(batches):
    batch = batches.start(ids=range(1, 251))
    said = []
    while messages := batches.waiting():
        said += messages
        for message in messages:
            batches.handle(message)
    before = batches.batch(batch.number)

    for message in said:
        batches.bury(message)

    assert batches.batch(batch.number) == before
    assert batches.waiting() == []


@pytest.mark.parametrize(("v", "kind"), [(1, "run_chunk"), (2, "run_chunk"), (1, "?")])
def test_what_nobody_knows_stays_among_the_dead_letters(batches, v, kind):
    with pytest.raises(UnknownMessage):
        batches.bury({"v": v, "kind": kind, "tenant": 1})


def test_other_work_is_tried_once_more():
    caller = new_tenant()
    rows = imported(caller, people(3))
    campaign = started(caller)
    caller("enroll", {"contact_import_id": rows}, campaign_id=campaign)
    tenant = tenant_of(caller)
    number = resource_number(Kind.CONTACT_IMPORT, tenant, rows)
    body = {"v": 1, "kind": "delete_import", "tenant": tenant, "contact_import": number}
    record = {"messageId": "m1", "body": json.dumps(body), "eventSource": "aws:sqs"}

    assert handler({"Records": [record]}, Context(remaining=300_000)) == {"batchItemFailures": []}

    assert caller("get_contact_import", import_id=rows).status == 404
