"""Lanes on the table: a lane that has something to do stands in the queue index under the instant it wakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drumbeat.adapters.dynamodb.table import Table

_WAKE = (
    "SET qpk = :lanes, qsk = :sort, wake_at = :now, woken_at = :now, tenant = :tenant, sender = :sender,"
    " revision = if_not_exists(revision, :zero) + :one"
)


def wake_write(table: Table, tenant: int, sender: int, now: int) -> dict[str, Any]:
    """A member of `Table.transact` that wakes a lane together with other writes."""
    return table.update_write(keys.lane(tenant, sender), _WAKE, values=_wake_values(tenant, sender, now))


def _wake_values(tenant: int, sender: int, now: int) -> dict[str, Any]:
    return {
        ":lanes": keys.waking_lanes(),
        ":sort": keys.waking_lane_sort(now, tenant, sender),
        ":now": now,
        ":tenant": tenant,
        ":sender": sender,
        ":zero": 0,
        ":one": 1,
    }


@dataclass(frozen=True, slots=True)
class DynamoLanes:
    """The lanes of all tenants."""

    table: Table

    def wake(self, tenant: int, senders: Iterable[int], now: int) -> None:
        """Wakes the senders' lanes, one update each; a lane that never was begins here."""
        for sender in dict.fromkeys(senders):
            values = _wake_values(tenant, sender, now)
            self.table.update(keys.lane(tenant, sender), _WAKE, condition="", values=values)
