"""What providers report, written onto enrollments: each time one update that only an unchanged enrollment takes."""

from dataclasses import dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import changes_to
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.domain.enrollment import Enrollment

_PLACES = ("qpk", "qsk", "spk", "ssk")
_TOLD = (
    "state", "step", "due", "attempts", "put_off_since", "timed", "sent_at", "last_sent_at", "bounced_at",
    "bounce_reason", "unsubscribed_at", "parked_reason", "thread",
)  # fmt: skip
_SEEN = ("state", "step", "epoch", "owner", "bounced_at", "bounce_reason", "unsubscribed_at")
"""What the decision was made on."""


@dataclass(frozen=True, slots=True)
class ReportStore:
    """Writes what reports make of enrollments."""

    table: Table

    def note(self, seen: Enrollment, told: Enrollment) -> bool:
        """Writes what `told` has changed if the enrollment still is as `seen`; False if it is not.

        A worker that is sending a later step keeps its claim, and settles beside what is written here.
        """
        before, after = (changes_to(enrollment, (*_TOLD, *_PLACES)) for enrollment in (seen, told))
        changes = {name: value for name, value in after.items() if value != before[name]}
        known = changes_to(seen, _SEEN)
        try:
            self.table.update(
                keys.enrollment(seen.tenant, seen.key),
                _expression(changes),
                condition=_unchanged(known),
                names={f"#{name}": name for name in (*changes, *known)},
                values=_present(":new_", changes) | _present(":old_", known),
            )
        except ConditionFailed:
            return False
        return True


def _expression(changes: dict[str, Any]) -> str:
    sets = ", ".join(f"#{name} = :new_{name}" for name, value in changes.items() if value is not None)
    removes = ", ".join(f"#{name}" for name, value in changes.items() if value is None)
    return " ".join(part for part in (sets and f"SET {sets}", removes and f"REMOVE {removes}") if part)


def _unchanged(known: dict[str, Any]) -> str:
    parts = [
        f"attribute_not_exists(#{name})" if value is None else f"#{name} = :old_{name}" for name, value in known.items()
    ]
    return " AND ".join(parts)


def _present(prefix: str, members: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}{name}": value for name, value in members.items() if value is not None}
