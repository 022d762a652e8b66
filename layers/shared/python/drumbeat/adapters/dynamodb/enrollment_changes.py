"""What people make of enrollments: conditional changes, many a request, beside whatever workers do."""

from collections.abc import Sequence
from dataclasses import dataclass

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import changes_to, enrollment_of
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.application.enrollment_actions import Move
from drumbeat.domain.enrollment import Enrollment

_TOLD = (
    "state", "due", "timed", "thread", "bounce_reason", "held_at", "paused_at", "paused_reason", "finished_at",
    "awaits", "exit_reason", "remark", "qpk", "qsk", "spk", "ssk",
)  # fmt: skip
_SEEN = ("state", "step", "epoch", "owner", "bounced_at", "parked_reason", "sender", "awaits", "asked")
"""What the decision was made on."""


@dataclass(frozen=True, slots=True)
class EnrollmentChangeStore:
    """Pauses, resumes, finishes, takes away and lets in."""

    table: Table

    def change(self, moves: Sequence[Move]) -> list[bool]:
        """Writes each move whose enrollment still is as it was seen; says of each whether it is as told now.

        A worker that is sending keeps its claim, and settles beside what is written here. What was refused is read
        again: it may be there after all, by a call whose acknowledgement got lost.
        """
        refused = sorted(Statements(self.table).change([_change(move) for move in moves]))
        found = self.table.get_many([_key(moves[place].seen) for place in refused])
        lost = {place for place in refused if not _is_told(found.get(_key(moves[place].seen)), moves[place].told)}
        return [place not in lost for place in range(len(moves))]


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
