"""An index may lag behind its table, but a reader never sees it go back (reliability §5.4)."""

from random import Random
from typing import Any

import pytest

from tests.memory.client import MemoryClient
from tests.memory.shape import shape_of
from tests.memory.store import Store
from tests.world import resources_of_template

SHAPE = shape_of("Table", resources_of_template()["Table"]["Properties"])


class World:
    """A table whose index follows as late as the test says."""

    def __init__(self) -> None:
        self.now = 0
        self.lag = 0
        self.client = MemoryClient(Store(lambda: self.now, [SHAPE], lag=lambda index, key: self.lag))

    def put(self, step: int, queue: str = "q") -> None:
        key = {"PK": {"S": "p"}, "SK": {"S": "1"}}
        place = {"qpk": {"S": queue}, "qsk": {"S": "1"}, "step": {"N": str(step)}}
        self.client.put_item(TableName="Table", Item=key | place)

    def seen(self, queue: str = "q") -> list[int]:
        query: dict[str, Any] = {
            "IndexName": "queue",
            "KeyConditionExpression": "qpk = :q",
            "ExpressionAttributeValues": {":q": {"S": queue}},
        }
        return [int(row["step"]["N"]) for row in self.client.query(TableName="Table", **query)["Items"]]


@pytest.fixture
def world() -> World:
    return World()


def test_without_a_lag_the_index_is_the_table(world):
    world.put(1)

    assert world.seen() == [1]


def test_a_change_is_seen_when_its_lag_is_over(world):
    world.put(1)
    world.lag = 10
    world.put(2)

    world.now = 9
    assert world.seen() == [1]
    world.now = 10
    assert world.seen() == [2]


def test_a_later_change_that_comes_through_faster_waits_for_the_earlier_one(world):
    world.lag = 10
    world.put(1)
    world.lag = 0
    world.put(2)

    assert world.seen() == []
    world.now = 10
    assert world.seen() == [2]


def test_an_entry_that_moves_is_in_one_place_at_a_time(world):
    world.put(1)
    world.lag = 10
    world.put(2, "elsewhere")

    assert (world.seen(), world.seen("elsewhere")) == ([1], [])
    world.now = 10
    assert (world.seen(), world.seen("elsewhere")) == ([], [2])


@pytest.mark.parametrize("seed", range(50))
def test_a_reader_never_sees_an_older_version_after_a_newer_one(world, seed):
    random = Random(seed)  # noqa: S311 - cases, not secrets
    newest = 0
    for step in range(1, 40):
        world.lag = random.choice((0, 0, 3, 50))
        world.put(step)
        world.now += random.choice((0, 1, 10))
        for found in world.seen():
            assert found >= newest
            newest = found

    world.now += 50
    assert world.seen() == [39]
