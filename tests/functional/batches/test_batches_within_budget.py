"""Architecture §10, counted at our own AWS client: what a batch costs on top of its effect."""

from collections.abc import Sequence

import pytest

from drumbeat.adapters.aws import ledger
from drumbeat.application.batch_actions import Action
from drumbeat.domain.batch import Batch, BatchState, Outcome
from tests.batch_stage import BatchStage, counted

pytestmark = pytest.mark.usefixtures("aws")
REFUSED = Outcome("REFUSED", "Every item of this batch is refused, so that its outcomes are as long as can be.")


def _nothing(_: Batch, targets: Sequence[int], __: int) -> list[Outcome]:
    return [REFUSED for _ in targets]


def _cost(count: int, *, listed: bool = False) -> tuple[float, float, float]:
    """Datastore requests, write units and messages of one item."""
    stage = BatchStage(count)
    stage.ports.batch.actions["nothing"] = Action(_nothing)  # type: ignore[index]
    ledger.clear()
    batch = stage.start("nothing", unconfirmed=True, ids=range(1, count + 1) if listed else None)
    sent = 0
    while messages := stage.waiting():
        sent += len(messages)
        for message in messages:
            stage.handle(message)
    done = stage.batch(batch.number)
    assert done.state is BatchState.FINISHED
    assert counted(done) == {
        "total": count, "processed": count, "failures": count, "canceled": 0, "REFUSED": count
    }  # fmt: skip
    return ledger.datastore_requests() / count, sum(ledger.write_units.values()) / count, sent / count


@pytest.mark.parametrize("listed", [False, True], ids=["everything", "listed"])
def test_an_item_costs_a_tenth_of_a_request_and_a_fiftieth_of_a_message(listed):
    requests, units, messages = _cost(1_000, listed=listed)

    assert requests <= 0.1
    assert units <= 0.2
    assert messages <= 0.02


def test_an_item_of_many_costs_no_more_than_one_of_few():
    few, many = _cost(1_000), _cost(100_000)

    assert all(large <= 1.2 * small for small, large in zip(few, many, strict=True))
