"""What providers report, written onto enrollments: each time one update that only an unchanged enrollment takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import changes_to, marks_of
from drumbeat.adapters.dynamodb.updates import Update, change_if_so

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.enrollment import Enrollment

PLACES = ("qpk", "qsk", "spk", "ssk")
_TOLD = (
    "state", "step", "due", "attempts", "put_off_since", "timed", "sent_at", "last_sent_at", "bounced_at",
    "bounce_reason", "unsubscribed_at", "parked_reason", "thread", "drafted", "remark",
    "replied_at", "last_reply_at", "paused_at", "paused_reason", "anytime",
)  # fmt: skip
_SEEN = (
    "state", "step", "epoch", "due", "owner", "bounced_at", "bounce_reason", "unsubscribed_at", "relinked_to",
    "replied_at", "last_reply_at", "awaits",
)  # fmt: skip
"""What the decision was made on."""


@dataclass(frozen=True, slots=True)
class ReportStore:
    """Writes what reports make of enrollments."""

    table: Table

    def note(self, seen: Enrollment, told: Enrollment) -> bool:
        """Writes what `told` has changed if the enrollment still is as `seen`; False if it is not.

        A worker that is sending a later step keeps its claim, and settles beside what is written here.
        """
        update = change_between(seen, told, (*_TOLD, *PLACES), decided_on=_SEEN)
        return change_if_so(self.table, keys.enrollment(seen.tenant, seen.key), update)


def change_between(
    seen: Enrollment,
    told: Enrollment,
    names: tuple[str, ...],
    *,
    decided_on: tuple[str, ...],
    always: Mapping[str, Any] = MappingProxyType({}),
) -> Update:
    """Writes the attributes that differ, and `always` these, where what was decided on is still as it was seen.

    New marks are written too, where nobody else has noted one of them meanwhile.
    """
    before, after, known = changes_to(seen, names), changes_to(told, names), changes_to(seen, decided_on)
    marks = marks_of({mark: at for mark, at in told.marks.items() if mark not in seen.marks})
    return Update(
        {name: value for name, value in after.items() if value != before[name]} | marks | dict(always),
        where={name: value for name, value in known.items() if value is not None},
        missing=(*(name for name, value in known.items() if value is None), *marks),
    )
