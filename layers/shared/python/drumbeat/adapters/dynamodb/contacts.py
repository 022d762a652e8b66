"""Contacts, the lock on each one's address, and the addresses that must not be mailed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import batched
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, PRESENT, Table, TransactionRefused
from drumbeat.domain.contact import Contact, ContactImport
from drumbeat.domain.digest import digest
from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.errors import EmailTaken, NotFound

_PAIRS_PER_TRANSACTION = 50


@dataclass(frozen=True, slots=True)
class ContactStore:
    """Keeps contacts in pages of consecutive numbers. A contact and the lock on its address change together."""

    table: Table

    def add(self, contacts: Sequence[Contact]) -> set[int]:
        """Writes contacts whose address is free; returns the numbers that were taken in.

        A contact that an earlier attempt wrote under the same number counts as taken in. Suppressed addresses come in
        as unsubscribed. At most 50 contacts are one transaction, so a crash leaves whole contacts only.
        """
        added: set[int] = set()
        for part in batched(contacts, _PAIRS_PER_TRANSACTION, strict=False):
            added |= self._add_part(list(part))
        return added

    def _add_part(self, part: list[Contact]) -> set[int]:
        while True:
            there = self.table.get_many([key for contact in part for key in _address_keys(contact)])
            mine = {contact.number for contact in part if _holder(there, contact) == contact.number}
            free = [_as_suppressed(there, contact) for contact in part if _holder(there, contact) is None]
            try:
                if free:
                    self.table.transact([write for contact in free for write in self._new(contact)])
            except TransactionRefused:
                continue  # somebody took one of the addresses since the read: read again, it is not free any more
            return mine | {contact.number for contact in free}

    def _new(self, contact: Contact) -> list[dict[str, Any]]:
        return [self.table.put_write(_lock(contact), condition=ABSENT), self.table.put_write(_item(contact))]

    def get(self, tenant: int, number: int) -> Contact | None:
        """The contact, or None."""
        item = self.table.get(keys.contact(tenant, number))
        return None if item is None else contact_of(item)

    def get_some(self, tenant: int, numbers: Sequence[int]) -> dict[int, Contact]:
        """Those among the contacts that exist, by number."""
        found = self.table.get_many([keys.contact(tenant, number) for number in numbers])
        return {contact.number: contact for contact in map(contact_of, found.values())}

    def pages_of_import(self, header: ContactImport, *, after: int | None = None) -> Iterator[list[Contact]]:
        """The import's live contacts in row order, at most a page of numbers at a time."""
        low = header.first if after is None else max(header.first, after + 1)
        while low <= header.last:
            high = min(header.last, low | keys.PAGE - 1)
            between = keys.contact_sort(low), keys.contact_sort(high)
            partition = keys.contact_page(header.tenant, low)
            found = [contact_of(item) for item in self.table.items(partition, between=between)]
            if found:
                yield found
            low = high + 1

    def update(self, old: Contact, new: Contact) -> Contact:
        """Changes a contact; one that moves to a suppressed address is unsubscribed from then on.

        Raises EmailTaken, or NotFound if it is gone or has changed meanwhile.
        """
        new = self._if_suppressed(old, new)
        changed = ["first_name", "last_name", "company", "unsubscribed_at", "zone"]
        values = {f":{name}": getattr(new, name) for name in changed if getattr(new, name) is not None}
        removed = [name for name in changed if getattr(new, name) is None]
        expression = ", ".join(["SET email = :new", *(f"#{name[1:]} = {name}" for name in values)])
        expression += f" REMOVE {', '.join(f'#{name}' for name in removed)}" if removed else ""
        write = self.table.update_write(
            keys.contact(old.tenant, old.number),
            expression,
            condition=f"{PRESENT} AND email = :old",
            names={f"#{name}": name for name in changed},
            values=values | {":old": old.email, ":new": new.email},
        )
        try:
            self.table.transact([write, *self._lock_moves(old, new)])
        except TransactionRefused as refusal:
            raise (NotFound("contact") if 0 in refusal.failed else EmailTaken("The address is taken.")) from refusal
        return new

    def _if_suppressed(self, old: Contact, new: Contact) -> Contact:
        """The new contact, unsubscribed if its new address is. One suppressed this moment is stopped by the send."""
        if same_mailbox_key(old.email) == same_mailbox_key(new.email) or new.unsubscribed_at is not None:
            return new
        mark = self.table.get(keys.suppression(new.tenant, address_digest(new.email)))
        return new if mark is None else replace(new, unsubscribed_at=mark["suppressed_at"])

    def _lock_moves(self, old: Contact, new: Contact) -> list[dict[str, Any]]:
        if same_mailbox_key(old.email) == same_mailbox_key(new.email):
            return []
        return [self.table.put_write(_lock(new), condition=ABSENT), self._unlock(old)]

    def _unlock(self, contact: Contact) -> dict[str, Any]:
        key = keys.email_lock(contact.tenant, address_digest(contact.email))
        return self.table.delete_write(
            key, condition="attribute_not_exists(PK) OR contact = :me", values={":me": contact.number}
        )

    def remove(self, contacts: Sequence[Contact]) -> None:
        """Deletes contacts and frees their addresses. Raises TransactionRefused if one's address changed meanwhile."""
        for part in batched(contacts, _PAIRS_PER_TRANSACTION, strict=False):
            writes: list[dict[str, Any]] = []
            for contact in part:
                writes += [
                    self.table.delete_write(
                        keys.contact(contact.tenant, contact.number),
                        condition="attribute_not_exists(PK) OR email = :email",
                        values={":email": contact.email},
                    ),
                    self._unlock(contact),
                ]
            self.table.transact(writes)


def address_digest(email: str) -> str:
    """Under which an address is locked and suppressed: no key holds the address itself."""
    return digest(same_mailbox_key(email))[:40]


def _address_keys(contact: Contact) -> tuple[keys.Key, keys.Key]:
    digest = address_digest(contact.email)
    return keys.email_lock(contact.tenant, digest), keys.suppression(contact.tenant, digest)


def _holder(there: dict[keys.Key, dict[str, Any]], contact: Contact) -> int | None:
    lock = there.get(_address_keys(contact)[0])
    return None if lock is None else int(lock["contact"])


def _as_suppressed(there: dict[keys.Key, dict[str, Any]], contact: Contact) -> Contact:
    suppression = there.get(_address_keys(contact)[1])
    return contact if suppression is None else replace(contact, unsubscribed_at=suppression["suppressed_at"])


def _lock(contact: Contact) -> dict[str, Any]:
    partition, sort = keys.email_lock(contact.tenant, address_digest(contact.email))
    return {"PK": partition, "SK": sort, "contact": contact.number}


def _item(contact: Contact) -> dict[str, Any]:
    partition, sort = keys.contact(contact.tenant, contact.number)
    return {"PK": partition, "SK": sort} | asdict(contact)


def contact_of(item: dict[str, Any]) -> Contact:
    """The contact that an item holds."""
    return Contact(
        tenant=item["tenant"],
        number=item["number"],
        import_number=item["import_number"],
        email=item["email"],
        first_name=item.get("first_name"),
        last_name=item.get("last_name"),
        company=item.get("company"),
        created_at=item["created_at"],
        unsubscribed_at=item.get("unsubscribed_at"),
        zone=item.get("zone"),
    )
