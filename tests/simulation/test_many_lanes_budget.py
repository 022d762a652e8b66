"""A tick costs what is due, whatever is stored: the queues hold a million enrollments, made up as they are read."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.items import to_wire
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.application.dispatch_due import Dispatched, DispatchPorts, dispatch_due
from drumbeat.application.send_ports import LaneChange, LaneName
from drumbeat.domain.hint import Hint
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import Lane
from drumbeat.domain.sequence import Sender, SequenceStatus, Step
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import DAY, HOUR
from tests.memory.capacity import Meter
from tests.memory.client import MemoryClient
from tests.memory.store import Store
from tests.simulation.scenery import TABLE, table_shape

NOW = 20_000 * DAY + 9 * HOUR
LANES = 100


class Dispatching:
    """Production adapters on a store whose queue of first steps has `each` rows for every sequence."""

    def __init__(self, each: int) -> None:
        self.each = each
        self.meter = Meter()
        self.rows = 0
        self.hints: list[Hint] = []
        self.store = Store(lambda: NOW, [table_shape()], meter=self.meter)
        self.table = Table(MemoryClient(self.store, self._around), TABLE)
        self.lanes = DynamoLanes(self.table)
        for number in range(1, LANES + 1):
            self._open(number)
        self.meter.clear()

    def _open(self, number: int) -> None:
        steps = (Step(1, "s", "b", 0), Step(2, "s", "b", 60))
        sequence = Cadence(
            1, number, "n", SequenceStatus.ACTIVE, None, 10, 10, False, 8.0, steps, (number,), 0, daily_cap=100_000
        )
        self.table.put(sequence_item(sequence))
        self.table.put(sender_item(Sender(1, number, number, None, "h", 25, "u", "s", "n", "f@a.example", 10**6, 0)))
        self.lanes.wake(1, [number], NOW - HOUR)
        (crew,) = [crew for crew in self.lanes.crews([LaneName(1, number)]) if crew.sequence is not None]
        (lane,) = crew.looked_at
        asleep = Lane(1, number, lane.revision, NOW + DAY, NOW - HOUR, next_free=NOW + DAY)
        assert self.lanes.store(LaneChange(lane, asleep))

    def _around(self, operation: str, params: Any, perform: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        values = params.get("ExpressionAttributeValues", {})
        partition = values.get(":p", {}).get("S", "")
        if operation != "Query" or "#N#" not in partition:
            return perform(params)
        perform(params)
        first = int(params.get("ExclusiveStartKey", {}).get("qsk", {"S": "0"})["S"])
        last = min(first + params["Limit"], self.each)
        self.rows += last - first
        sequence = int(partition.rsplit("#", 1)[1])
        answer: dict[str, Any] = {"Items": [_row(sequence, contact) for contact in range(first + 1, last + 1)]}
        if last < self.each:
            answer["LastEvaluatedKey"] = {"qsk": {"S": str(last)}}
        return answer

    def put(self, hints: list[Hint], now: int) -> None:
        self.hints += hints

    def tick(self) -> Dispatched:
        ports = DispatchPorts(lanes=self.lanes, hints=self)
        return dispatch_due(ports, clock=lambda: NOW, rng=Random(7), out_of_time=lambda: False)


def _row(sequence: int, contact: int) -> dict[str, Any]:
    partition, sort = keys.enrollment(1, EnrollmentKey(sequence, contact))
    return to_wire({"PK": partition, "SK": sort, "due": NOW - DAY, "step": 0, "epoch": 0})


@pytest.mark.parametrize("each", [0, 10_000])
def test_with_nothing_due_a_tick_is_one_read(each):
    """Up to a million enrollments wait, and a hundred lanes sleep until tomorrow."""
    stored = Dispatching(each)

    assert stored.tick() == Dispatched()

    assert dict(stored.meter.requests) == {"Query": 1}
    assert sum(stored.meter.read_units.values()) <= 1
    assert stored.rows == 0


@pytest.mark.parametrize("each", [100, 10_000, 1_000_000])
def test_one_lane_that_is_due_costs_the_same_whatever_waits_behind_it(each):
    stored = Dispatching(each)
    stored.lanes.wake(1, [7], NOW)
    waking = stored.lanes.crews([LaneName(1, 7)])[0].looked_at[0]
    stored.lanes.store(LaneChange(waking, Lane(1, 7, waking.revision, NOW, NOW, next_free=NOW)))
    stored.meter.clear()

    done = stored.tick()

    assert done == Dispatched(lanes=1, hints=len(stored.hints))
    assert len(stored.hints) == 13
    # The first look of the day at a capped sequence reads its lanes once more.
    assert dict(stored.meter.requests) == {"Query": 4, "BatchGetItem": 5, "TransactWriteItems": 1}
    assert stored.rows == 100
