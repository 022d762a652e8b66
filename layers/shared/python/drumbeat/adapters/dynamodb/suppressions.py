"""The list of suppressed addresses on the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest, contact_of
from drumbeat.adapters.dynamodb.records import unchanged_since
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.suppression_items import suppression_item, suppression_of
from drumbeat.adapters.dynamodb.table import ABSENT, PRESENT, Table
from drumbeat.application.suppression_list import Holder, Lifted, Unwanted
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.suppression import RECIPIENTS_OWN, Suppression

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact

_PAGE = 500
_TRIES = 5
_NOBODYS_WISH = " AND ".join(f"attribute_not_exists({reason.value}_at)" for reason in sorted(RECIPIENTS_OWN))


@dataclass(frozen=True, slots=True)
class SuppressionStore:
    """Keeps what is suppressed; reasons are added, never replaced."""

    table: Table

    def add(self, tenant: int, unwanted: Sequence[Unwanted], now: int) -> list[bool]:
        """Suppresses each address; whether it was new, in order: 100 a read, 25 a write. Raises StoreBusy."""
        items: dict[keys.Key, dict[str, Any]] = {}
        is_new: list[bool] = []
        for email, reason, source in unwanted:
            item = suppression_item(tenant, email, reason, now, source)
            key = item["PK"], item["SK"]
            is_new.append(key not in items)
            items[key] = item | items.get(key, {})
        there = self._note(items)
        places = [keys.suppression(tenant, address_digest(row.email)) for row in unwanted]
        return [new and place not in there for new, place in zip(is_new, places, strict=True)]

    def _note(self, items: Mapping[keys.Key, dict[str, Any]]) -> set[keys.Key]:
        """Adds what the items say to what is there; returns which were there before."""
        waiting, before = dict(items), None
        for _ in range(_TRIES):
            there = self.table.get_many(list(waiting))
            before = set(there) if before is None else before
            missing = {key: _lacks(item, there.get(key, {})) for key, item in waiting.items()}
            fresh = [items[key] for key in waiting if key not in there]
            known = [key for key in there if missing[key]]
            refused = {_key(fresh[place]) for place in Statements(self.table).insert(fresh)}
            changes = [Change(key, missing[key], {}, missing=tuple(missing[key])) for key in known]
            refused |= {known[place] for place in Statements(self.table).change(changes)}
            waiting = {key: items[key] for key in refused}
            if not waiting:
                return before
        raise StoreBusy("The suppressions keep changing. Try again.")

    def holders(self, tenant: int, unwanted: Sequence[Unwanted]) -> list[Holder]:
        """The contacts that have the addresses, each once for each reason."""
        places = [keys.email_lock(tenant, address_digest(row.email)) for row in unwanted]
        locks = self.table.get_many(places)
        found = {
            Holder(int(locks[place]["contact"]), row.reason, row.source): None
            for place, row in zip(places, unwanted, strict=True)
            if place in locks
        }
        return list({(holder.contact, holder.reason): holder for holder in reversed(found)}.values())

    def find(self, tenant: int, email: str) -> Suppression | None:
        """The suppression of an address, or None."""
        item = self.table.get(keys.suppression(tenant, address_digest(email)))
        return None if item is None else suppression_of(tenant, item)

    def all(self, tenant: int, *, after: str | None = None) -> Iterator[list[tuple[str, Suppression]]]:
        """The list page by page, longest suppressed first, each with its place.

        The index may lag: what was taken off meanwhile is left out, what has just come may follow a moment later.
        """
        for page in self.table.pages(keys.suppressed(tenant), index="related", after=after, limit=_PAGE):
            names = {row["rsk"]: (row["PK"], row["SK"]) for row in page}
            found = self.table.get_many(list(names.values()))
            yield [
                (place, suppression_of(tenant, found[name]))
                for place, name in names.items()
                if name in found and found[name].get("rsk") == place
            ]

    def lift(self, tenant: int, email: str, *, recipient_asked: bool, now: int) -> Lifted:
        """Takes an address off the list, with the contact's own mark if the recipient asked. Raises StoreBusy.

        Where the mark came with an address that the contact has no more, only the mark is there to be taken off.
        """
        key = keys.suppression(tenant, address_digest(email))
        for _ in range(_TRIES):
            item = self.table.get(key)
            if item is not None and not recipient_asked and suppression_of(tenant, item).is_recipients_own:
                return Lifted.RECIPIENTS_OWN
            freed = self._freed(tenant, email, now) if recipient_asked else []
            if item is None and not freed:
                return Lifted.NOT_SUPPRESSED
            if self.table.commits([self._removal(key, item, recipient_asked=recipient_asked), *freed]):
                return Lifted.REMOVED
        raise StoreBusy("The address keeps changing. Try again.")

    def _removal(self, key: keys.Key, item: Mapping[str, Any] | None, *, recipient_asked: bool) -> dict[str, Any]:
        """Removes what was seen, and nothing that the recipient has wanted since; what was not there stays away."""
        if item is None:
            return self.table.check_write(key, condition=ABSENT)
        return self.table.delete_write(key, condition=PRESENT if recipient_asked else _NOBODYS_WISH)

    def _freed(self, tenant: int, email: str, now: int) -> list[dict[str, Any]]:
        """Takes the mark off the contact that has the address, unless another one of its addresses is suppressed."""
        lock = self.table.get(keys.email_lock(tenant, address_digest(email)))
        item = None if lock is None else self.table.get(keys.contact(tenant, int(lock["contact"])))
        if item is None or "unsubscribed_at" not in item:
            return []
        contact = contact_of(item)
        others = _others(contact, email)
        if self.table.get_many(others):
            return []
        same, seen = unchanged_since(contact.revision)
        freed = self.table.update_write(
            keys.contact(tenant, contact.number),
            "SET updated_at = :now REMOVE unsubscribed_at, opt_out_revocable ADD revision :one",
            condition=same,
            values=seen | {":now": now, ":one": 1},
        )
        return [freed, *(self.table.check_write(other, condition=ABSENT) for other in others)]


def _key(item: Mapping[str, Any]) -> keys.Key:
    return item["PK"], item["SK"]


def _lacks(item: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """What the item says that the one which is there does not."""
    return {name: value for name, value in item.items() if name not in there and value is not None}


def _others(contact: Contact, email: str) -> list[keys.Key]:
    """The suppressions of the contact's other addresses."""
    mine = address_digest(email)
    digests = dict.fromkeys(address_digest(address) for address in contact.addresses)
    return [keys.suppression(contact.tenant, digest) for digest in digests if digest != mine]
