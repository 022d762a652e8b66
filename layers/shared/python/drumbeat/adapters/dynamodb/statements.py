"""Writes of many items, each under its own condition: PartiQL statements, 25 a request, one write unit per kilobyte."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb.items import wire_value
from drumbeat.adapters.dynamodb.table import tries
from drumbeat.domain.errors import StoreBusy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from drumbeat.adapters.dynamodb.keys import Key
    from drumbeat.adapters.dynamodb.table import Table

_PER_REQUEST = 25
_REFUSED = {"DuplicateItem", "ConditionalCheckFailed"}
_PASSING = {
    "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded",
    "InternalServerError",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A conditional change of one item: `sets` (None removes), where the members of `where` are equal.

    `at_most` bounds numbers from above; `missing` names attributes that must not be there. An item that is not there
    refuses the change.
    """

    key: Key
    sets: Mapping[str, Any]
    where: Mapping[str, Any]
    at_most: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """Batches of writes that succeed or are refused one by one. Raises StoreBusy when load outlasts the retries."""

    table: Table

    def insert(self, items: Sequence[Mapping[str, Any]]) -> set[int]:
        """Inserts each item if its key is free; returns the positions whose key was taken."""
        return self._run([self._insert(item) for item in items])

    def change(self, changes: Sequence[Change]) -> set[int]:
        """Applies each change whose condition holds; returns the positions of the others. One change per item.

        A refusal may be the echo of a change that went through: its acknowledgement got lost and it was repeated.
        """
        return self._run([self._update(change) for change in changes])

    def _run(self, statements: Sequence[Any]) -> set[int]:
        refused: set[int] = set()
        waiting = list(range(len(statements)))
        for _ in tries():
            throttled: list[int] = []
            for part in batched(waiting, _PER_REQUEST, strict=False):
                self._run_part(statements, part, refused, throttled)
            if not throttled:
                return refused
            waiting = throttled
        raise StoreBusy("The store is busy. Try again.")

    def _run_part(
        self, statements: Sequence[Any], part: Sequence[int], refused: set[int], throttled: list[int]
    ) -> None:
        answer = self.table.client.batch_execute_statement(Statements=[statements[place] for place in part])
        for place, result in zip(part, answer["Responses"], strict=True):
            code = result.get("Error", {}).get("Code")
            if code in _REFUSED:
                refused.add(place)
            elif code in _PASSING:
                throttled.append(place)
            elif code is not None:
                raise RuntimeError(f"statement refused: {code} {result['Error'].get('Message', '')}")

    def _insert(self, item: Mapping[str, Any]) -> Any:
        present = {name: value for name, value in item.items() if value is not None}
        members = ", ".join(f"'{name}': ?" for name in present)
        return _statement(f'INSERT INTO "{self.table.name}" VALUE {{{members}}}', present.values())

    def _update(self, change: Change) -> Any:
        present = {name: value for name, value in change.sets.items() if value is not None}
        clauses = [f'SET "{name}" = ?' for name in present]
        clauses += [f'REMOVE "{name}"' for name, value in change.sets.items() if value is None]
        conditions = ['"PK" = ?', '"SK" = ?', *(f'"{name}" = ?' for name in change.where)]
        conditions += [f'"{name}" <= ?' for name in change.at_most]
        conditions += [f'"{name}" IS MISSING' for name in change.missing]
        text = f'UPDATE "{self.table.name}" {" ".join(clauses)} WHERE {" AND ".join(conditions)}'
        values = (*present.values(), *change.key, *change.where.values(), *change.at_most.values())
        return _statement(text, values)


def _statement(text: str, values: Any) -> Any:
    return {"Statement": text, "Parameters": [wire_value(value) for value in values]}
