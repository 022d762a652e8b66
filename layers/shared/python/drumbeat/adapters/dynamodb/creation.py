"""Creates that a repeated request finds again instead of making twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.domain.times import DAY, SECOND

_MARKER_LIFE = DAY


def create_once(
    table: Table,
    tenant: int,
    number: int,
    items: Sequence[Mapping[str, Any]],
    *,
    intent: str | None,
    now: int,
    locks: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Writes all items, or none, and returns the number under which this intent made them.

    That is `number`, unless an earlier attempt with the same intent got through: then nothing is written and its
    number is returned. Without an intent every call makes something new. `number` must be fresh: the items go in
    unconditionally. Raises TransactionRefused if one of the `locks` is taken.
    """
    if intent is None and len(items) == 1 and not locks:
        table.put(items[0])
        return number
    writes = [table.put_write(item) for item in items] + [table.put_write(lock, condition=ABSENT) for lock in locks]
    return write_once(table, tenant, number, writes, intent=intent, now=now)


def write_once(
    table: Table, tenant: int, number: int, writes: Sequence[Mapping[str, Any]], *, intent: str | None, now: int
) -> int:
    """`create_once` for writes of any kind, under conditions of their own. Raises TransactionRefused for those."""
    if intent is None:
        table.transact(writes)
        return number
    partition, sort = key = keys.made(tenant, intent)
    marker = {"PK": partition, "SK": sort, "number": number, "expires_at": (now + _MARKER_LIFE) // SECOND}
    free = "attribute_not_exists(PK) OR expires_at < :now"
    try:
        table.transact([table.put_write(marker, condition=free, values={":now": now // SECOND}), *writes])
    except TransactionRefused as refusal:
        made = table.get(key) if 0 in refusal.failed else None
        if made is None:
            raise
        return int(made["number"])
    return number
