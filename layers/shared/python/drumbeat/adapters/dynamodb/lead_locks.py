"""Locks on the external ids of leads: one belongs to one enrollment of a sequence, and changes hands with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, Table
from drumbeat.domain.digest import digest
from drumbeat.domain.ids import EnrollmentKey

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.lifecycle import Move

_MINE = "contact = :contact AND run = :run"


def lock_key(tenant: int, sequence: int, external_id: str) -> keys.Key:
    """Where the lock of an id lies: no key holds the id itself."""
    return keys.lead_lock(tenant, sequence, digest(external_id)[:40])


def holder_of(sequence: int, lock: Mapping[str, Any]) -> EnrollmentKey:
    """Whose the locked id is."""
    return EnrollmentKey(sequence, lock["contact"], lock["run"])


def lock_write(table: Table, enrollment: Enrollment) -> list[dict[str, Any]]:
    """A member of a transaction that takes the enrollment's id if nobody has it; none where it has no id."""
    external_id = enrollment.lead.external_id
    return [] if external_id is None else [_taking(table, enrollment.tenant, enrollment.key, external_id, None)]


def unlock_write(table: Table, tenant: int, holder: EnrollmentKey, external_id: str) -> dict[str, Any]:
    """A member of a transaction that frees an id if the holder has it."""
    key = lock_key(tenant, holder.sequence, external_id)
    return table.delete_write(key, condition=_MINE, values=_named(holder))


def lock_moves(table: Table, moves: Sequence[Move]) -> list[dict[str, Any]]:
    """The locks that change hands, or come to be, or go, when all these moves are written."""
    moving = [move for move in moves if move.moves_id]
    before = {move.seen.lead.external_id: move.seen.key for move in moving}
    after = {move.told.lead.external_id: move.told.key for move in moving}
    writes = []
    for external_id in dict.fromkeys([*before, *after]):
        if external_id is None:
            continue
        old, new = before.get(external_id), after.get(external_id)
        if new is not None:
            writes.append(_taking(table, moves[0].seen.tenant, new, external_id, old))
        elif old is not None:
            writes.append(unlock_write(table, moves[0].seen.tenant, old, external_id))
    return writes


def _taking(
    table: Table, tenant: int, taker: EnrollmentKey, external_id: str, holder: EnrollmentKey | None
) -> dict[str, Any]:
    partition, sort = lock_key(tenant, taker.sequence, external_id)
    lock = {"PK": partition, "SK": sort, "contact": taker.contact, "run": taker.run}
    if holder is None:
        return table.put_write(lock, condition=ABSENT)
    return table.put_write(lock, condition=_MINE, values=_named(holder))


def _named(holder: EnrollmentKey) -> dict[str, int]:
    return {":contact": holder.contact, ":run": holder.run}
