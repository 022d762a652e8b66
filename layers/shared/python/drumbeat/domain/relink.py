"""Changing who enrollments are about, row by row: what is refused, what is written, and what must be written together.

Everything here is decided on a picture of what was read; who writes it down finds out whether it still was so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.groups import Groups
from drumbeat.domain.lifecycle import Move
from drumbeat.domain.relink_row import NO_SUCH_ENROLLMENT, Hurry, Picture, Relinked, Result, Row, applied

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Enrollment

MOST_ROWS = 100
_WRITES_TOGETHER = 100
"""What a transaction takes."""
_ROWS_TOGETHER = _WRITES_TOGETHER // 3
"""A row writes its enrollment and the locks of two ids, at most."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that touch each other: what they come to is written as a whole, or decided anew."""

    results: Mapping[int, Result]
    moves: tuple[Move, ...]

    @property
    def moves_ids(self) -> bool:
        """Whether external ids change hands, so that their locks do as well."""
        return any(move.moves_id for move in self.moves)

    @property
    def writes(self) -> int:
        """How many items it writes, at most."""
        return sum(3 if move.moves_id else 1 for move in self.moves)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of rows, by their places. The `later` ones come after what is decided here is written."""

    groups: tuple[Group, ...]
    later: tuple[int, ...] = ()


def decide(
    picture: Picture, rows: Mapping[int, Row], *, retry_now: bool, now: int, asked_at: int | None = None
) -> Decision:
    """What the rows come to, applied one by one in the order of their places.

    An external id that an earlier row gave up is free for a later one, not the other way round. With `retry_now`, what
    a row leaves active is due at once, unless a step of it was done since it was asked for (`asked_at`). A group too
    large for a transaction is cut: its later rows come later.
    """
    hurry = Hurry(retry_now, now if asked_at is None else asked_at)
    groups = _decided(picture, rows, hurry, now)
    fitting = [group for group in groups if group.writes <= _WRITES_TOGETHER]
    later: list[int] = []
    for group in groups:
        if group.writes > _WRITES_TOGETHER:
            places = sorted(group.results)
            first = {place: rows[place] for place in places[:_ROWS_TOGETHER]}
            fitting += _decided(picture, first, hurry, now)
            later += places[_ROWS_TOGETHER:]
    return Decision(tuple(fitting), tuple(sorted(later)))


def _decided(picture: Picture, rows: Mapping[int, Row], hurry: Hurry, now: int) -> list[Group]:
    desk = _Desk(picture, hurry, now)
    for place in sorted(rows):
        desk.take(place, rows[place])
    return desk.groups()


class _Desk:
    """Applies rows to the picture."""

    def __init__(self, picture: Picture, hurry: Hurry, now: int) -> None:
        self._picture = picture
        self._hurry = hurry
        self._now = now
        self._current = dict(picture.enrollments)
        self._holders = dict(picture.holders)
        self._results: dict[int, Result] = {}
        self._names: dict[int, object] = {}
        self._touching = Groups[object]()

    def take(self, place: int, row: Row) -> None:
        """Decides on the next row."""
        seen = None if row.key is None else self._current.get(row.key)
        self._names[place] = place if seen is None else seen.key
        if seen is not None:
            self._join(seen, row)
        if seen is None or seen.is_deleted:
            self._results[place] = NO_SUCH_ENROLLMENT
            return
        result = applied(self._picture, self._holders, seen, row, hurry=self._hurry, now=self._now)
        self._results[place] = result
        if isinstance(result, Relinked):
            self._note(seen, result.enrollment)

    def groups(self) -> list[Group]:
        """Everything that was decided."""
        together: dict[object, dict[int, Result]] = {}
        for place, name in self._names.items():
            together.setdefault(self._touching.of(name), {})[place] = self._results[place]
        return [Group(results, self._moves(results)) for results in together.values()]

    def _join(self, seen: Enrollment, row: Row) -> None:
        if "external_id" in row.changes:
            for external_id in (seen.lead.external_id, row.changes["external_id"]):
                if external_id is not None:
                    self._touching.join(seen.key, external_id)

    def _note(self, seen: Enrollment, told: Enrollment) -> None:
        self._current[seen.key] = told
        old, new = seen.lead.external_id, told.lead.external_id
        if old != new:
            if old is not None:
                self._holders.pop(old, None)
            if new is not None:
                self._holders[new] = seen.key

    def _moves(self, results: Mapping[int, Result]) -> tuple[Move, ...]:
        keys = dict.fromkeys(result.enrollment.key for result in results.values() if isinstance(result, Relinked))
        moves = (Move(self._picture.enrollments[key], self._current[key]) for key in keys)
        return tuple(move for move in moves if move.seen != move.told)
