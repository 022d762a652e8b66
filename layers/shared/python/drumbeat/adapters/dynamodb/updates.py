"""Update expressions from attribute names and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb.table import PRESENT, ConditionFailed, Table

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.keys import Key


@dataclass(frozen=True, slots=True)
class Update:
    """What to do to an item that is there: `sets` (None removes), `copies` of other attributes, numbers to add.

    All members of `where` have to be equal, those `missing` not there.
    """

    sets: Mapping[str, Any]
    copies: Mapping[str, str] = field(default_factory=dict)
    adds: Mapping[str, int] = field(default_factory=dict)
    where: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """What changes."""
        alias = self._aliases()
        sets = [f"{alias[name]} = :{alias[name][1:]}" for name, value in self.sets.items() if value is not None]
        sets += [f"{alias[name]} = {alias[source]}" for name, source in self.copies.items()]
        removes = [alias[name] for name, value in self.sets.items() if value is None]
        adds = [f"{alias[name]} :{alias[name][1:]}" for name in self.adds]
        clauses = {"SET": sets, "REMOVE": removes, "ADD": adds}
        return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)

    @property
    def condition(self) -> str:
        """What has to hold before."""
        alias = self._aliases()
        equal = (f"{alias[name]} = :is_{alias[name][1:]}" for name in self.where)
        return " AND ".join([PRESENT, *equal, *(f"attribute_not_exists({alias[name]})" for name in self.missing)])

    @property
    def names(self) -> dict[str, str]:
        """What the placeholders of attributes stand for."""
        return {alias: name for name, alias in self._aliases().items()}

    @property
    def values(self) -> dict[str, Any]:
        """What the placeholders of values stand for."""
        alias = self._aliases()
        changed = {f":{alias[name][1:]}": value for name, value in {**self.sets, **self.adds}.items()}
        present = {placeholder: value for placeholder, value in changed.items() if value is not None}
        return present | {f":is_{alias[name][1:]}": value for name, value in self.where.items()}

    def _aliases(self) -> dict[str, str]:
        mentioned = [*self.sets, *self.copies, *self.copies.values(), *self.adds, *self.where, *self.missing]
        return {name: f"#n{place}" for place, name in enumerate(dict.fromkeys(mentioned))}


def change_if_so(table: Table, key: Key, update: Update) -> bool:
    """Makes the change if what it is decided on holds; False if it does not."""
    try:
        table.update(key, update.expression, condition=update.condition, names=update.names, values=update.values)
    except ConditionFailed:
        return False
    return True
