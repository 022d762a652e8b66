"""Counters: numbers taken in blocks (architecture §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.ids import Kind


@dataclass(frozen=True, slots=True)
class Counters:
    """Numbers from one item per tenant and kind. A lost acknowledgement only leaves a gap."""

    table: Table

    def take(self, tenant: int, kind: Kind, count: int = 1) -> int:
        """The first of `count` consecutive fresh numbers, counting from 1."""
        key = keys.counter(tenant, kind)
        item = self.table.update(key, "ADD last_number :count", condition="", values={":count": count})
        return int(item["last_number"]) - count + 1

    def last(self, tenant: int, kind: Kind) -> int:
        """The highest number handed out so far, 0 if none."""
        item = self.table.get(keys.counter(tenant, kind))
        return 0 if item is None else int(item["last_number"])
