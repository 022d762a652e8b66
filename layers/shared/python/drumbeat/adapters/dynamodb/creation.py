"""Creates that a repeated request finds again instead of making twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.domain.times import DAY, SECOND

MARKER_LIFE = DAY
_FREE = "attribute_not_exists(PK) OR expires_at < :now"


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
    mark = marker_write(table, tenant, intent, {"number": number}, life=MARKER_LIFE, now=now)
    try:
        table.transact([mark, *writes])
    except TransactionRefused as refusal:
        made = table.get(keys.made(tenant, intent)) if 0 in refusal.failed else None
        if made is None:
            raise
        return int(made["number"])
    return number


def marker_write(
    table: Table, tenant: int, intent: str, made: Mapping[str, Any], *, life: int, now: int
) -> dict[str, Any]:
    """A member of a transaction that notes for a while what an intent has made, and refuses if it has made something.

    `life` is in milliseconds.
    """
    partition, sort = keys.made(tenant, intent)
    marker = {"PK": partition, "SK": sort, **made, "expires_at": (now + life) // SECOND}
    return table.put_write(marker, condition=_FREE, values={":now": now // SECOND})


def is_kept(marker: Mapping[str, Any] | None, now: int) -> bool:
    """Whether there is a marker that still counts: the table takes its time to remove what has expired."""
    return marker is not None and marker["expires_at"] >= now // SECOND
