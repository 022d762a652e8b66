"""Parked enrollments: listing them, and writing what was decided about one."""

from collections.abc import Iterator
from dataclasses import dataclass

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import changes_to, enrollment_of
from drumbeat.adapters.dynamodb.status_index import enrollments_in
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.domain.enrollment import Enrollment, EnrollmentState

_RESOLVED = (
    "state", "step", "due", "epoch", "attempts", "timed", "put_off_since", "sent_at", "last_sent_at", "bounced_at",
    "bounce_reason", "parked_reason", "awaits", "asked", "drafted", "exit_reason", "remark", "qpk", "qsk", "spk", "ssk",
)  # fmt: skip
_STILL_PARKED = "#state = :parked AND #step = :was_step AND #epoch = :was_epoch"


@dataclass(frozen=True, slots=True)
class ParkedStore:
    """Keeps what waits for a decision."""

    table: Table

    def all(self, tenant: int, *, after: Enrollment | None = None) -> Iterator[Enrollment]:
        """The tenant's parked enrollments, longest parked first; `after` starts behind one that is or was parked.

        The index may lag behind: what was decided meanwhile is left out, what was just parked may come a moment later.
        """
        start = None
        if after is not None and after.parked_at is not None:
            start = keys.parked_sort(after.parked_at, after.key)
        return enrollments_in(self.table, keys.parked(tenant), after=start)

    def resolve(self, parked: Enrollment, resolved: Enrollment) -> bool:
        """Writes the decision if the enrollment is still parked with the same attempt; False if it is not.

        Whoever finds just what it was about to write has been there before: the acknowledgement got lost.
        """
        changes = changes_to(resolved, _RESOLVED)
        present = {name: value for name, value in changes.items() if value is not None}
        absent = [f"#{name}" for name in changes if name not in present]
        values = {f":{name}": value for name, value in present.items()}
        try:
            self.table.update(
                keys.enrollment(parked.tenant, parked.key),
                f"SET {', '.join(f'#{name} = :{name}' for name in present)} REMOVE {', '.join(absent)}",
                condition=_STILL_PARKED,
                names={f"#{name}": name for name in changes},
                values=values
                | {":parked": EnrollmentState.PARKED.value, ":was_step": parked.step, ":was_epoch": parked.epoch},
            )
        except ConditionFailed as refusal:
            there = None if refusal.item is None else enrollment_of(refusal.item)
            return there is not None and changes_to(there, _RESOLVED) == changes
        return True
