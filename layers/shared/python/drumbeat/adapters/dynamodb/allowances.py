"""Allowances on the table: what the lanes of capped sequences have drawn on a UTC day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, Table
from drumbeat.domain.allowance import Allowance, AllowanceName, Draw, Outdated, days_in_sight
from drumbeat.domain.times import DAY, SECOND

if TYPE_CHECKING:
    from drumbeat.domain.lane import Lane
    from drumbeat.domain.sequence import Sequence as Cadence

_KEPT_FOR = 3 * DAY
_DRAW = "SET drawn = drawn + :count, lasts_until = :until"
_BEGIN = "SET drawn = :drawn, revision = :revision, lasts_until = :until, expires_at = :expires"


def names_of(capped: Collection[Cadence], now: int) -> dict[AllowanceName, int]:
    """The allowances that a look needs, and the revision of the schedule that each must be under."""
    return {
        AllowanceName(sequence.tenant, sequence.number, day): revision_of(sequence)
        for sequence in capped
        for day in days_in_sight(now)
    }


def revision_of(sequence: Cadence) -> int:
    """Under which revision of its schedule a sequence's allowances are."""
    return 0 if sequence.schedule is None else sequence.schedule.revision


def allowance_of(item: dict[str, Any]) -> Allowance:
    """The allowance as it is stored."""
    return Allowance(item["drawn"], item["revision"], item["lasts_until"])


def begun_anew(name: AllowanceName, revision: int, stored: Allowance | None, lanes: Sequence[Lane]) -> Allowance:
    """An allowance in place of what is `stored` under another revision: it begins with what the lanes count."""
    used = sum(lane.steps_of(name.sequence, name.day) for lane in lanes)
    until = max((entry.until for lane in lanes for entry in lane.reserved), default=0)
    outdated = None if stored is None else Outdated(stored.revision, stored.used)
    return Allowance(used, revision, until, is_new=True, outdated=outdated)


def draw_writes(table: Table, draws: Sequence[Draw]) -> Iterator[dict[str, Any]]:
    """Members of the transaction that stores a lane: refused if what a lane draws is not there any more."""
    for draw in draws:
        yield _beginning(table, draw) if draw.seen.is_new else _drawing(table, draw)


def _drawing(table: Table, draw: Draw) -> dict[str, Any]:
    """Others may have drawn meanwhile, as long as enough is left. Giving back is always allowed."""
    condition = "revision = :revision"
    values = {":count": draw.count, ":until": draw.drawn.until, ":revision": draw.seen.revision}
    if draw.count > 0:
        condition += " AND drawn <= :most"
        values[":most"] = draw.cap - draw.count
    return table.update_write(keys.allowance(*draw.name), _DRAW, condition=condition, values=values)


def _beginning(table: Table, draw: Draw) -> dict[str, Any]:
    values = {
        ":drawn": draw.drawn.used,
        ":revision": draw.drawn.revision,
        ":until": draw.drawn.until,
        ":expires": (draw.name.day * DAY + _KEPT_FOR) // SECOND,
    }
    condition = ABSENT
    if draw.seen.outdated is not None:
        condition = "revision = :other AND drawn = :found"
        values |= {":other": draw.seen.outdated.revision, ":found": draw.seen.outdated.used}
    return table.update_write(keys.allowance(*draw.name), _BEGIN, condition=condition, values=values)
