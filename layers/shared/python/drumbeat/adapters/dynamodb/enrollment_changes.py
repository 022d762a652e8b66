"""What people make of enrollments: conditional changes, many a request, beside whatever workers do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import changes_to, enrollment_of, keys_beside
from drumbeat.adapters.dynamodb.lead_locks import lock_moves
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.table import Table, TransactionRefused
from drumbeat.adapters.dynamodb.updates import Update
from drumbeat.domain.enrollment import Enrollment, Lead

if TYPE_CHECKING:
    from drumbeat.domain.lifecycle import Move

_TOLD = (
    "state", "due", "timed", "epoch", "attempts", "put_off_since", "thread", "zone", "sender", "bound", "bounce_reason",
    "held_at", "paused_at", "paused_reason", "finished_at", "awaits", "asked", "drafted", "exit_reason", "remark",
    "channel_urn", "accepted_at", "relinked_to", "has_context", "has_callee", "anytime",
    *(f"lead_{field.name}" for field in fields(Lead)),
    "qpk", "qsk", "spk", "ssk", "rpk", "rsk",
)  # fmt: skip
_SEEN = (
    "state", "step", "due", "epoch", "owner", "bounced_at", "parked_reason", "sender", "awaits", "asked",
    "relinked_to", "lead_external_id", "paused_at",
)  # fmt: skip
"""What the decision was made on."""
_MOST_WRITES = 100


@dataclass(frozen=True, slots=True)
class EnrollmentChangeStore:
    """Pauses, resumes, finishes, takes away, lets in and relinks."""

    table: Table

    def change(self, moves: Sequence[Move]) -> list[bool]:
        """Writes each move whose enrollment still is as it was seen; says of each whether it is as told now.

        A worker that is sending keeps its claim, and settles beside what is written here. What was refused is read
        again: it may be there after all, by a call whose acknowledgement got lost. What concerns other items too, as
        the lock on an external id, is a transaction.
        """
        plain = [place for place, move in enumerate(moves) if not _is_wide(move)]
        wide = [place for place, move in enumerate(moves) if _is_wide(move)]
        done = dict(zip(plain, self._change_plain([moves[place] for place in plain]), strict=True))
        done |= zip(wide, self.change_together([[moves[place]] for place in wide]), strict=True)
        return [done[place] for place in range(len(moves))]

    def _change_plain(self, moves: Sequence[Move]) -> list[bool]:
        refused = sorted(Statements(self.table).change([_change(move) for move in moves]))
        found = self.table.get_many([_key(moves[place].seen) for place in refused])
        lost = {place for place in refused if not _is_told(found.get(_key(moves[place].seen)), moves[place].told)}
        return [place not in lost for place in range(len(moves))]

    def change_together(self, groups: Sequence[Sequence[Move]]) -> list[bool]:
        """Writes each group as a whole or not at all, with the locks of the external ids that change hands.

        As many groups as fit are one transaction; when it is refused, those that are not at fault are tried again. A
        group is 100 writes at most: one for each enrollment, one for each id that is given up or taken.
        """
        done = [False] * len(groups)
        for pack in _packed([move_writes(self.table, group) for group in groups]):
            for place in self._commit(pack):
                done[place] = True
        return done

    def _commit(self, pack: dict[int, list[dict[str, Any]]]) -> list[int]:
        """The places of the groups that were written."""
        while pack:
            at = [place for place, writes in pack.items() for _ in writes]
            try:
                self.table.transact([write for writes in pack.values() for write in writes])
            except TransactionRefused as refusal:
                for place in {at[position] for position in refusal.failed}:
                    del pack[place]
            else:
                break
        return list(pack)


def move_writes(table: Table, moves: Sequence[Move]) -> list[dict[str, Any]]:
    """Members of a transaction that writes these moves, if every enrollment still is as it was seen."""
    lost = [key for move in moves for key in _lost_with(move)]
    return [
        *(_update(table, _change(move)) for move in moves),
        *lock_moves(table, moves),
        *(table.delete_write(key) for key in lost),
    ]


def _update(table: Table, change: Change) -> dict[str, Any]:
    update = Update(change.sets, where=change.where, missing=change.missing)
    return table.update_write(
        change.key, update.expression, condition=update.condition, names=update.names, values=update.values
    )


def _packed(groups: Sequence[list[dict[str, Any]]]) -> Iterator[dict[int, list[dict[str, Any]]]]:
    """The groups by their places, as many together as a transaction takes."""
    pack: dict[int, list[dict[str, Any]]] = {}
    size = 0
    for place, writes in enumerate(groups):
        if size + len(writes) > _MOST_WRITES:
            yield pack
            pack, size = {}, 0
        pack[place] = writes
        size += len(writes)
    if pack:
        yield pack


def _is_wide(move: Move) -> bool:
    return move.moves_id or bool(_lost_with(move))


def _lost_with(move: Move) -> list[keys.Key]:
    """The items beside the enrollment that are not kept."""
    kept = keys_beside(move.told)
    return [key for key in keys_beside(move.seen) if key not in kept]


def _change(move: Move) -> Change:
    before, after = changes_to(move.seen, _TOLD), changes_to(move.told, _TOLD)
    known = changes_to(move.seen, _SEEN)
    return Change(
        _key(move.seen),
        {name: value for name, value in after.items() if value != before[name]},
        where={name: value for name, value in known.items() if value is not None},
        missing=tuple(name for name, value in known.items() if value is None),
    )


def _key(enrollment: Enrollment) -> keys.Key:
    return keys.enrollment(enrollment.tenant, enrollment.key)


def _is_told(item: dict[str, object] | None, told: Enrollment) -> bool:
    return item is not None and changes_to(enrollment_of(item), _TOLD) == changes_to(told, _TOLD)
