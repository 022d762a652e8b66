"""What tenants' apps answer, written onto enrollments: one conditional write each, beside whatever workers do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.drafts import draft_item
from drumbeat.adapters.dynamodb.reports import PLACES, change_between
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table, TransactionRefused
from drumbeat.domain.times import DAY, SECOND

if TYPE_CHECKING:
    from drumbeat.domain.draft import Draft
    from drumbeat.domain.enrollment import Enrollment

_TOLD = (
    "state", "step", "due", "attempts", "put_off_since", "timed", "sent_at", "last_sent_at", "awaits", "asked",
    "drafted", "accepted_at", "last_reply_at", "replied_at", "exit_reason", "remark", "channel_urn",
    "lead_profile_urn", *PLACES,
)  # fmt: skip
_SEEN = ("state", "step", "epoch", "awaits", "asked", "accepted_at", "last_reply_at")
"""What the decision was made on. Who has claimed the enrollment is no part of it."""
_FREE = {"owner": None, "lease": None}
_DRAFTS_KEPT = 400 * DAY


@dataclass(frozen=True, slots=True)
class AnswerStore:
    """Writes what answers make of enrollments."""

    table: Table

    def take(self, seen: Enrollment, told: Enrollment, draft: Draft | None, now: int) -> bool:
        """Writes what `told` has changed, and the draft with it, if the enrollment still is as `seen`; False if not.

        What an answer closes ends the claim of whoever asked, or looks after the deadline: what that one finds out is
        refused then. A worker that is sending keeps its claim, and settles beside what is written here.
        """
        closes = told.awaits is not seen.awaits
        update = change_between(seen, told, _TOLD, decided_on=_SEEN, always=_FREE if closes else {})
        key = keys.enrollment(seen.tenant, seen.key)
        what, where, names, values = update.expression, update.condition, update.names, update.values
        try:
            if draft is None:
                self.table.update(key, what, condition=where, names=names, values=values)
            else:
                flip = self.table.update_write(key, what, condition=where, names=names, values=values)
                self.table.transact([flip, self.table.put_write(_item(seen, draft, now))])
        except (ConditionFailed, TransactionRefused):
            return False
        return True


def _item(enrollment: Enrollment, draft: Draft, now: int) -> dict[str, Any]:
    expires_at = (now + _DRAFTS_KEPT) // SECOND
    return draft_item(enrollment.tenant, enrollment.key, enrollment.step, draft, expires_at=expires_at)
