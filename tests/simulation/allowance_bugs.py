"""Seeded bugs of allowances: drawn too late, too often, not at all, or for the wrong day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from drumbeat.adapters.dynamodb import allowances
from drumbeat.adapters.dynamodb import lanes as dynamo_lanes
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.domain import allowance
from drumbeat.domain import lane as lanes
from drumbeat.domain.allowance import Allowances
from drumbeat.domain.times import utc_day

type Patch = Any


def _drawn_after_the_lane() -> list[Patch]:
    """A lane is stored first, and what it draws by a call of its own."""
    right = DynamoLanes.store

    def wrong(self: DynamoLanes, change: Any, draws: Any = ()) -> bool:
        is_stored = right(self, change)
        if is_stored and draws:
            self.table.transact(list(allowances.draw_writes(self.table, draws)))
        return is_stored

    return [patch.object(DynamoLanes, "store", wrong)]


def _given_back_twice() -> list[Patch]:
    """As an update without a fence would, when its call is repeated."""
    right = Allowances.draws

    def wrong(self: Allowances, *args: Any) -> Any:
        return tuple(replace(draw, count=min(draw.count, 2 * draw.count)) for draw in right(self, *args))

    return [patch.object(Allowances, "draws", wrong)]


def _drawn_whatever_is_left() -> list[Patch]:
    right = allowances._drawing

    def wrong(table: Any, draw: Any) -> Any:
        return right(table, replace(draw, cap=10**6))

    return [patch.object(allowances, "_drawing", wrong)]


def _begun_with_nothing() -> list[Patch]:
    right = allowances.begun_anew
    return [patch.object(dynamo_lanes, "begun_anew", lambda *args: replace(right(*args), used=0))]


def _one_day_for_each_slot() -> list[Patch]:
    """What is claimed before midnight may leave after it."""

    def wrong(at: int) -> range:
        return range(utc_day(at + lanes.MAY_LEAVE_FOR), utc_day(at + lanes.MAY_LEAVE_FOR) + 1)

    return [patch.object(lanes, "days_of", wrong), patch.object(allowance, "days_of", wrong)]


ALLOWANCE_BUGS: Mapping[str, Callable[[], list[Patch]]] = {
    "lanes draw nothing": lambda: [patch.object(Allowances, "draws", lambda *_: ())],
    "what a lane draws is not stored with it": _drawn_after_the_lane,
    "places are given back twice": _given_back_twice,
    "lanes draw whatever is left": _drawn_whatever_is_left,
    "an allowance begins with nothing": _begun_with_nothing,
    "a slot counts for one day": _one_day_for_each_slot,
}
