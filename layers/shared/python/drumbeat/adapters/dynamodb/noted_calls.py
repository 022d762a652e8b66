"""Results of calls, written together with what they make of their enrollments and with what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_results import call_result_item
from drumbeat.adapters.dynamodb.credits import charge_writes
from drumbeat.adapters.dynamodb.reports import PLACES, change_between
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.application.call_results import Noting
from drumbeat.domain.credits import charge_of

if TYPE_CHECKING:
    from drumbeat.domain.call_result import NotedCall
    from drumbeat.domain.enrollment import Enrollment

_TOLD = (
    "state", "step", "due", "attempts", "put_off_since", "timed", "sent_at", "last_sent_at", "parked_reason", "awaits",
    "asked", "drafted", "exit_reason", "remark", "anytime", "paused_at", "paused_reason", "hold", "succeeded_at",
    "last_call", *PLACES,
)  # fmt: skip
_SEEN = ("state", "step", "due", "epoch", "sender", "awaits", "asked", "hold", "succeeded_at")
"""What the decision was made on. Who has claimed the enrollment is no part of it."""
_FREE = {"owner": None, "lease": None}
_RESULT = 1
"""The place of the result among the writes."""


@dataclass(frozen=True, slots=True)
class NotedCallStore:
    """Keeps results of calls."""

    table: Table

    def note(self, seen: Enrollment, told: Enrollment, noted: NotedCall, *, price: int) -> Noting:
        """Writes the result, what `told` has changed and what it costs, together: if the enrollment is as `seen`.

        A result that was waited for ends the claim of whoever asked, or looks after the deadline: what that one finds
        out is refused then. A worker that is at a later step keeps its claim, and settles beside what is written here.
        """
        tenant, key = seen.tenant, seen.key
        closes = (seen.awaits, seen.asked) != (told.awaits, told.asked)
        change = change_between(seen, told, _TOLD, decided_on=_SEEN, always=_FREE if closes else {})
        moved = self.table.update_write(
            keys.enrollment(tenant, key),
            change.expression,
            condition=change.condition,
            names=change.names,
            values=change.values,
        )
        kept = self.table.put_write(call_result_item(tenant, key, noted), condition=ABSENT)
        charged = charge_writes(self.table, tenant, key.sequence, charge_of(seen, price), noted.at)
        try:
            self.table.transact([moved, kept, *charged])
        except TransactionRefused as refusal:
            return Noting.KNOWN if _RESULT in refusal.failed else Noting.CHANGED
        return Noting.WRITTEN
