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
    writes = [table.put_write(item) for item in items] + [table.put_write(lock, condition=ABSENT) for lock in locks]
    if intent is None:
        if len(writes) == 1:
            table.put(items[0])
        else:
            table.transact(writes)
        return number
    partition, sort = key = keys.made(tenant, intent)
    marker = {"PK": partition, "SK": sort, "number": number, "expires_at": (now + _MARKER_LIFE) // SECOND}
    free = "attribute_not_exists(PK) OR expires_at < :now"
    try:
        table.transact([table.put_write(marker, condition=free, values={":now": now // SECOND}), *writes])
    except TransactionRefused:
        made = table.get(key)
        if made is None:
            raise
        return int(made["number"])
    return number
