"""Whom enrol calls skipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.enroll_call import EnrollCall, Skip, SkipKind, SkippedRow

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table


@dataclass(frozen=True, slots=True)
class SkipStore:
    """Keeps, per import and page of contacts, the last reasons for skipping."""

    table: Table

    def record(self, call: EnrollCall, first_contact: int, skips: Sequence[Skip]) -> None:
        """Keeps why contacts of one page were skipped, in place of what was known of that page before."""
        partition, sort = keys.skip_page(call.tenant, call.sequence, call.contact_import, first_contact)
        rows = [[skip.contact, skip.kind.value, skip.at] for skip in skips]
        self.table.put({"PK": partition, "SK": sort, "rows": rows})

    def pages(self, tenant: int, sequence: int) -> Iterator[list[SkippedRow]]:
        """The contacts that were skipped, a page of them at a time; their addresses are kept with the contacts only."""
        for item in self.table.items(keys.skips(tenant, sequence)):
            yield [SkippedRow(contact, SkipKind(kind), at) for contact, kind, at in item["rows"]]
