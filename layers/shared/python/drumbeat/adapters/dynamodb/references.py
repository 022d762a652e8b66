"""Which enrollments have a variable with a value, and up to when such are canceled: both lie in one partition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.callees import callee_of
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.domain.cancellation import Cancellation, digests_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.times import DAY, SECOND

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Enrollment

_KEPT = 400 * DAY


def reference_writes(
    table: Table, tenant: int, key: EnrollmentKey, variables: Mapping[str, str], accepted_at: int
) -> list[dict[str, Any]]:
    """Members of the transaction that makes an enrollment: by each of its callee's variables it can be canceled."""
    items = (
        (keys.reference(tenant, digest, key), {"sequence": key.sequence, "contact": key.contact, "run": key.run})
        for digest in digests_of([variables])
    )
    return [
        table.put_write({"PK": place[0], "SK": place[1], **named, "accepted_at": accepted_at}) for place, named in items
    ]


def watermark_checks(
    table: Table, tenant: int, rows: Sequence[Mapping[str, str]], accepted_at: int
) -> list[dict[str, Any]]:
    """Members of the transaction that makes enrollments: refused if one of their variables was canceled since.

    `rows` are the variables of all callees of that transaction: they may share some, and a transaction names an item
    once. What was accepted after the cancellation is not concerned.
    """
    return [
        table.check_write(
            keys.cancellation(tenant, digest),
            condition="attribute_not_exists(PK) OR canceled_at < :accepted_at",
            values={":accepted_at": accepted_at},
        )
        for digest in digests_of(rows)
    ]


@dataclass(frozen=True, slots=True)
class ReferenceStore:
    """Knows who has which variable, and what has been canceled."""

    table: Table

    def cancel(self, tenant: int, digest: str, cancellation: Cancellation) -> None:
        """From now on nothing is made any more that was accepted with this variable up to then; a later one stands."""
        values = {
            ":at": cancellation.at,
            ":reason": cancellation.reason or "",
            ":expires_at": (cancellation.at + _KEPT) // SECOND,
        }
        try:
            self.table.update(
                keys.cancellation(tenant, digest),
                "SET canceled_at = :at, #reason = :reason, expires_at = :expires_at",
                condition="attribute_not_exists(PK) OR canceled_at <= :at",
                names={"#reason": "reason"},
                values=values,
            )
        except ConditionFailed:
            return  # a later one, which concerns all that this one does

    def cancellation(self, tenant: int, digest: str) -> Cancellation | None:
        """The last cancellation of a variable with a value."""
        item = self.table.get(keys.cancellation(tenant, digest))
        return None if item is None else cancellation_of(item)

    def canceled_since(
        self, tenant: int, rows: Sequence[Mapping[str, str]], accepted_at: int
    ) -> list[Cancellation | None]:
        """For the variables of each row that was accepted at an instant: what has canceled it since, if anything."""
        found = self.table.get_many([keys.cancellation(tenant, digest) for digest in digests_of(rows)])
        return [self._concerning(found, tenant, row, accepted_at) for row in rows]

    def _concerning(
        self, found: Mapping[keys.Key, Mapping[str, Any]], tenant: int, row: Mapping[str, str], accepted_at: int
    ) -> Cancellation | None:
        places = [keys.cancellation(tenant, digest) for digest in digests_of([row])]
        there = [cancellation_of(found[place]) for place in places if place in found]
        concerning = [cancellation for cancellation in there if cancellation.concerns(accepted_at)]
        return min(concerning, key=lambda cancellation: cancellation.at, default=None)

    def is_canceled(self, enrollment: Enrollment) -> bool:
        """Whether whom it calls is being deleted, or a cancellation concerns them: it may not have been ended yet."""
        item = self.table.get(keys.callee(enrollment.tenant, enrollment.key))
        if item is None:
            return True
        return any(self.canceled_since(enrollment.tenant, [callee_of(item).variables], enrollment.created_at))

    def accepted(
        self, tenant: int, digest: str, *, until: int, after: EnrollmentKey | None
    ) -> Iterator[list[EnrollmentKey]]:
        """The enrollments of what was accepted with this variable up to an instant, in key order, page by page.

        It begins behind `after`, and reads on only as far as it is consumed.
        """
        behind = keys.REFERENCE if after is None else keys.reference(tenant, digest, after)[1]
        for page in self.table.pages(keys.references(tenant, digest), after=behind):
            found = (item for item in page if item["accepted_at"] <= until)
            yield [EnrollmentKey(item["sequence"], item["contact"], item["run"]) for item in found]


def cancellation_of(item: Mapping[str, Any]) -> Cancellation:
    """The cancellation that `ReferenceStore.cancel` wrote."""
    return Cancellation(item["canceled_at"], item["reason"] or None)
