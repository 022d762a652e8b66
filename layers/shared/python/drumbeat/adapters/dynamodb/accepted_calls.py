"""Accepting calls: a batch, its rows, what they set aside and the mark of its intent are one transaction (ADR 36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.batch_items import chunk_item
from drumbeat.adapters.dynamodb.batches import fresh_items
from drumbeat.adapters.dynamodb.creation import is_kept, write_once
from drumbeat.adapters.dynamodb.credits import hold_writes
from drumbeat.adapters.dynamodb.table import Table, TransactionRefused

if TYPE_CHECKING:
    from drumbeat.domain.batch import Batch, Chunk
    from drumbeat.domain.credits import CreditAccount


@dataclass(frozen=True, slots=True)
class AcceptedCallStore:
    """Keeps what was accepted."""

    table: Table

    def number_of(self, tenant: int, intent: str, *, now: int) -> int | None:
        """The number under which this intent made something within a day."""
        marker = self.table.get(keys.made(tenant, intent))
        return int(marker["number"]) if marker is not None and is_kept(marker, now) else None

    def accept(
        self, batch: Batch, chunks: Sequence[Chunk], account: CreditAccount, *, cost: int, intent: str | None, now: int
    ) -> int | None:
        """Writes a batch, its chunks and what it sets aside together; see `AcceptedCalls`.

        Nothing is there of what was refused, so all of it has to fit one transaction: 4 MB, a hundred items.
        """
        items = [*fresh_items(batch, now), *(chunk_item(batch, chunk) for chunk in chunks)]
        writes = [self.table.put_write(item) for item in items]
        writes += hold_writes(self.table, account, cost, now)
        try:
            return write_once(self.table, batch.tenant, batch.number, writes, intent=intent, now=now)
        except TransactionRefused:
            return None
