"""Batches that outlive the call that started them, and the contacts they skipped."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.domain.enroll_call import EnrollCall, Skip, SkipKind, SkippedRow


@dataclass(frozen=True, slots=True)
class BatchStore:
    """Keeps batches, and per import and page of contacts the last reasons for skipping."""

    table: Table

    def create(self, batch: EnrollCall) -> None:
        """Writes the batch; its number must be fresh."""
        self.table.put(_item(batch))

    def get(self, tenant: int, number: int) -> EnrollCall | None:
        """The batch, or None."""
        item = self.table.get(keys.batch(tenant, number))
        if item is None:
            return None
        return EnrollCall(**{name: value for name, value in item.items() if name not in {"PK", "SK"}})

    def advance(self, old: EnrollCall, new: EnrollCall) -> bool:
        """Replaces `old` by `new` unless somebody else did: a chunk that ran twice moves the counts once."""
        try:
            self.table.put(
                _item(new),
                condition="#after = :known",
                names={"#after": "after"},
                values={":known": old.after},
            )
        except ConditionFailed:
            return False
        return True

    def record_skips(self, batch: EnrollCall, first_contact: int, skips: Sequence[Skip]) -> None:
        """Keeps why contacts of one page were skipped, in place of what was known of that page before."""
        partition, sort = keys.skip_page(batch.tenant, batch.sequence, batch.contact_import, first_contact)
        rows = [[skip.contact, skip.kind.value, skip.at] for skip in skips]
        self.table.put({"PK": partition, "SK": sort, "rows": rows})

    def skip_pages(self, tenant: int, sequence: int) -> Iterator[list[SkippedRow]]:
        """The contacts that were skipped, a page of them at a time; their addresses are kept with the contacts only."""
        for item in self.table.items(keys.skips(tenant, sequence)):
            yield [SkippedRow(contact, SkipKind(kind), at) for contact, kind, at in item["rows"]]


def _item(batch: EnrollCall) -> dict[str, object]:
    partition, sort = keys.batch(batch.tenant, batch.number)
    return {"PK": partition, "SK": sort} | asdict(batch)
