"""What must hold of batches at every commit, and what must have come of them in the end."""

from collections.abc import Mapping
from typing import Any

from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.domain.batch import NO_SUCH_TARGET, WENT_WRONG, Batch, Item, ItemState, Outcome
from tests.batch_stage import MARKED_BEFORE, NO_SEVENS, counted, recount
from tests.simulation.records import Violation
from tests.simulation.scheduler import Scheduler

type Wire = Mapping[str, Any]

_MOVES = {
    ("resolving", "resolving"), ("resolving", "confirming"), ("resolving", "running"), ("resolving", "finished"),
    ("resolving", "canceled"), ("resolving", "failed"), ("confirming", "confirming"), ("confirming", "running"),
    ("confirming", "canceled"), ("running", "running"), ("running", "finished"), ("running", "canceled"),
    ("canceled", "canceled"), ("finished", "finished"), ("failed", "failed"),
}  # fmt: skip
_CHUNK_MOVES = {
    ("pending", "begun"), ("begun", "begun"), ("begun", "done"), ("pending", "done"), ("pending", "canceled"),
}  # fmt: skip
_GROWING = ("total", "processed", "failures", "canceled", "chunks", "chunks_settled", "after")


class BatchOracle:
    """Sees every commit."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._canceled: dict[str, int] = {}
        self.finished: dict[str, int] = {}

    def changed(self, _table: str, key: tuple[str, str], before: Wire | None, after: Wire | None) -> None:
        """Observes a commit. Raises Violation."""
        if after is None or before is None:
            return
        old, new = from_wire(dict(before)), from_wire(dict(after))
        if key[0].endswith("#BATCH"):
            self._batch(old, new)
        elif key[1].startswith("CHUNK#"):
            self._chunk(key[0].rpartition("#")[2], old, new)

    def _batch(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        move = old["state"], new["state"]
        if move not in _MOVES:
            raise Violation("backwards", f"a batch went from {move[0]} to {move[1]}")
        if any(new[name] < old[name] for name in _GROWING):
            raise Violation("backwards", f"a counter fell: {old} {new}")
        if old["state"] != "resolving" and old["total"] != new["total"]:
            raise Violation("drifted", "targets were added to a batch that was resolved")
        number = f"{new['number']}"
        if move in {("running", "finished"), ("resolving", "finished")}:
            self.finished[number] = self.finished.get(number, 0) + 1
            if new["chunks_settled"] != new["chunks"]:
                raise Violation("early", "a batch was finished before its last chunk")
        if move[0] != "canceled" == move[1]:
            self._canceled[number] = self._scheduler.now

    def _chunk(self, number: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        if (old["state"], new["state"]) not in _CHUNK_MOVES:
            raise Violation("backwards", f"a chunk went from {old['state']} to {new['state']}")
        if old["targets"] != new["targets"]:
            raise Violation("lost", "a chunk got other targets")
        process = self._scheduler.current
        canceled = self._canceled.get(number)
        if new["state"] == "begun" != old["state"] and canceled is not None and process is not None:
            born = process.dies_at - process.lifetime
            if born > canceled:
                raise Violation("after a stop", "a chunk was begun by a worker that came after the cancel")


def check_batch(
    batch: Batch, items: list[Item], targets: list[int], marks: Mapping[int, str], there: int, poisoned: set[int]
) -> None:
    """What must have come of a batch over these targets. Raises Violation."""
    if [item.target for item in items] != targets:
        raise Violation("lost", f"items {len(items)}, targets {len(targets)}")
    if counted(batch) != recount(items):
        raise Violation("drifted", f"{counted(batch)} is no recount: {recount(items)}")
    if batch.pending:
        raise Violation("stuck", f"{batch.pending} items are pending in a batch that is {batch.state}")
    for item in items:
        _check_item(batch, item, marks, there, poisoned)


def _check_item(batch: Batch, item: Item, marks: Mapping[int, str], there: int, poisoned: set[int]) -> None:
    mine = marks.get(item.target) == batch.tag
    if item.state is ItemState.CANCELED:
        if mine:
            raise Violation("after a stop", f"item {item.index} is canceled and was done")
        return
    wanted = _wanted(item.target, there, poisoned, mine=mine)
    if item.outcome != wanted:
        raise Violation("drifted", f"item {item.index} says {item.outcome}, it was {wanted}")


def _wanted(target: int, there: int, poisoned: set[int], *, mine: bool) -> Outcome:
    if target > there:
        return NO_SUCH_TARGET
    if target in poisoned:
        return WENT_WRONG
    if target % 7 == 0:
        return NO_SEVENS
    return Outcome() if mine else MARKED_BEFORE
