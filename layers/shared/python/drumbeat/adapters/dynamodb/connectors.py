"""Connectors: senders that stand for the tenant's own apps, each of one sequence."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import write_once
from drumbeat.adapters.dynamodb.hours_items import hours_unchanged
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.adapters.dynamodb.table import PRESENT, Table, TransactionRefused

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sender, Sequence


@dataclass(frozen=True, slots=True)
class ConnectorStore:
    """Keeps a sequence and its connectors in step."""

    table: Table

    def create(
        self, sequence: Sequence, connectors: Many[Sender], *, hours_revision: int, intent: str | None, now: int
    ) -> int | None:
        """Writes all of them, or none; returns the sequence's number (an earlier attempt's, if there was one).

        None if somebody has changed the tenant's hours, which the sequence's were made of.
        """
        writes = [
            self.table.put_write(sequence_item(sequence)),
            *(self.table.put_write(sender_item(connector)) for connector in connectors),
            hours_unchanged(self.table, sequence.tenant, hours_revision),
        ]
        try:
            return write_once(self.table, sequence.tenant, sequence.number, writes, intent=intent, now=now)
        except TransactionRefused:
            return None

    def attach(self, sequence: Sequence, connector: Sender) -> bool:
        """Gives the sequence its connector; False if it has one by now, or is gone."""
        change = self.table.update_write(
            keys.sequence(sequence.tenant, sequence.number),
            "SET connector = :connector",
            condition=f"{PRESENT} AND attribute_not_exists(connector)",
            values={":connector": connector.number},
        )
        return self.table.commits([self.table.put_write(sender_item(connector)), change])
