"""Contact imports: the list as it was handed in."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import create_once
from drumbeat.adapters.dynamodb.table import PRESENT, ConditionFailed, Table
from drumbeat.domain.contact import ContactImport

_LIVE = f"{PRESENT} AND attribute_not_exists(deleting)"


@dataclass(frozen=True, slots=True)
class ContactImportStore:
    """Keeps the headers of imports. One that is being deleted is already gone for every reader."""

    table: Table

    def create(self, header: ContactImport, *, intent: str | None, now: int) -> int:
        """Writes the header; returns the number it has (an earlier attempt's, if there was one)."""
        item = _item(header)
        return create_once(self.table, header.tenant, header.number, [item], intent=intent, now=now)

    def complete(self, header: ContactImport, *, record_count: int, skipped: int) -> None:
        """Notes what became of the rows. Deleted meanwhile: nothing to note."""
        values = {":count": record_count, ":skipped": skipped}
        expression = "SET record_count = :count, skipped = :skipped"
        try:
            key = keys.contact_import(header.tenant, header.number)
            self.table.update(key, expression, condition=_LIVE, values=values)
        except ConditionFailed:
            return

    def get(self, tenant: int, number: int) -> ContactImport | None:
        """The import, unless it is missing or being deleted."""
        item = self.table.get(keys.contact_import(tenant, number))
        return None if item is None or item.get("deleting") else _import_of(item)

    def all(self, tenant: int) -> Iterator[ContactImport]:
        """The tenant's imports, newest first."""
        for item in self.table.items(keys.contact_imports(tenant), newest_first=True):
            if not item.get("deleting"):
                yield _import_of(item)

    def begin_deletion(self, tenant: int, number: int) -> ContactImport | None:
        """Hides the import from all readers and returns it; None if it is missing."""
        try:
            key = keys.contact_import(tenant, number)
            return _import_of(self.table.update(key, "SET deleting = :yes", values={":yes": True}))
        except ConditionFailed:
            return None

    def finish_deletion(self, header: ContactImport) -> None:
        """Removes the header; the last thing a deletion does."""
        self.table.delete(keys.contact_import(header.tenant, header.number))


def _item(header: ContactImport) -> dict[str, Any]:
    partition, sort = keys.contact_import(header.tenant, header.number)
    return {"PK": partition, "SK": sort} | asdict(header)


def _import_of(item: dict[str, Any]) -> ContactImport:
    return ContactImport(
        tenant=item["tenant"],
        number=item["number"],
        name=item["name"],
        first=item["first"],
        last=item["last"],
        created_at=item["created_at"],
        record_count=item.get("record_count"),
        skipped=item.get("skipped", 0),
    )
