"""Reads what the log of events has counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.application.event_log import DayCounts
from drumbeat.domain.counts import FIELDS, Counts

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table


@dataclass(frozen=True, slots=True)
class StatisticsStore:
    """Counters of mails; see `Statistics`."""

    table: Table

    def of_sequence(self, tenant: int, sequence: int, first: int, last: int) -> Iterator[DayCounts]:
        """The sequence's counters between two days, by day, step and sender."""
        for item in self.table.items(keys.sequence_days(tenant, sequence), between=_bounds(first, last)):
            yield DayCounts(item["day"], item["step"], item["sender"], _counts(item))

    def of_sender(self, tenant: int, sender: int, first: int, last: int) -> Mapping[int, Counts]:
        """The sender's counters between two days."""
        rows = self.table.items(keys.sender_days(tenant, sender), between=_bounds(first, last))
        return {item["day"]: _counts(item) for item in rows}

    def sent_in_months(self, tenant: int, first: str, last: str) -> Mapping[str, int]:
        """How many mails were sent in each of the months from one to another in which there were any."""
        (partition, begin), (_, end) = keys.month(tenant, first), keys.month(tenant, last)
        return {item["month"]: item["sent"] for item in self.table.items(partition, between=(begin, end))}


def _bounds(first: int, last: int) -> tuple[str, str]:
    return keys.count_day(first), f"{keys.count_day(last)}~"


def _counts(item: Mapping[str, Any]) -> Counts:
    return Counts(**{name: item[name] for name in FIELDS if name in item})
