"""Contacts, the locks on their addresses, and the addresses that must not be mailed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import (
    CONTACT_FORM,
    address_digest,
    contact_item,
    contact_of,
    lock_item,
)
from drumbeat.adapters.dynamodb.creation import create_once
from drumbeat.adapters.dynamodb.records import Records, changed, unchanged_since
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.domain.errors import EmailTaken, StoreBusy

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact, ContactImport

_WRITES_PER_TRANSACTION = 100
_TRIES = 5


@dataclass(frozen=True, slots=True)
class ContactStore:
    """Keeps contacts in pages of consecutive numbers. A contact and the locks on its addresses change together."""

    table: Table

    def add(self, contacts: Sequence[Contact]) -> set[int]:
        """Writes contacts whose addresses are free; returns the numbers that were taken in.

        A contact that an earlier attempt wrote under the same number counts as taken in. One with a suppressed address
        comes in as unsubscribed. A contact and its locks are in one transaction, so a crash leaves whole contacts only.
        """
        added: set[int] = set()
        for part in _parts(contacts):
            added |= self._add_part(part)
        return added

    def _add_part(self, part: list[Contact]) -> set[int]:
        while True:
            there = self.table.get_many([key for contact in part for key in _address_keys(contact)])
            mine = {contact.number for contact in part if _holders(there, contact) == {contact.number}}
            free = [_as_suppressed(there, contact) for contact in part if not _holders(there, contact)]
            try:
                if free:
                    self.table.transact([write for contact in free for write in self._new(contact)])
            except TransactionRefused:
                continue  # somebody took one of the addresses since the read: read again, it is not free any more
            return mine | {contact.number for contact in free}

    def _new(self, contact: Contact) -> list[dict[str, Any]]:
        locks = [lock_item(contact, address) for address in contact.addresses]
        return [
            *(self.table.put_write(lock, condition=ABSENT) for lock in locks),
            self.table.put_write(contact_item(contact)),
        ]

    def create(self, contact: Contact, *, intent: str | None, now: int) -> Contact | None:
        """Writes one contact and returns it as it then is, or what an earlier attempt wrote; None if that is gone.

        One with a suppressed address comes in as unsubscribed. Raises EmailTaken.
        """
        contact = self._if_suppressed(replace(contact, email=None), contact)
        locks = [lock_item(contact, address) for address in contact.addresses]
        item = contact_item(contact)
        try:
            made = create_once(self.table, contact.tenant, contact.number, [item], intent=intent, now=now, locks=locks)
        except TransactionRefused as refusal:
            raise EmailTaken("The address is taken.") from refusal
        return contact if made == contact.number else self.get(contact.tenant, made)

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

    def update(self, old: Contact, new: Contact) -> Contact | None:
        """Writes what differs; returns the contact as it then is, or None if it is not as `old` any more.

        One that gets a suppressed address is unsubscribed from then on. Raises EmailTaken.
        """
        new = replace(self._if_suppressed(old, new), revision=old.revision + 1)
        try:
            self.table.transact([self._change(old, new), *self._lock_moves(old, new)])
        except TransactionRefused as refusal:
            if 0 in refusal.failed:
                return None
            raise EmailTaken("The address is taken.") from refusal
        return new

    def _change(self, old: Contact, new: Contact) -> dict[str, Any]:
        changes = changed(contact_item(old), contact_item(new))
        names = {f"#{place}": name for place, name in enumerate(changes)}
        values = {f":{place}": value for place, value in enumerate(changes.values()) if value is not None}
        sets = ", ".join(f"#{place[1:]} = {place}" for place in values)
        gone = ", ".join(name for name in names if f":{name[1:]}" not in values)
        condition, seen = unchanged_since(old.revision)
        return self.table.update_write(
            keys.contact(old.tenant, old.number),
            f"SET {sets}{f' REMOVE {gone}' if gone else ''}",
            condition=condition,
            names=names,
            values=values | seen,
        )

    def _if_suppressed(self, old: Contact, new: Contact) -> Contact:
        """The new contact, unsubscribed if an address new to it is; one that is this moment is stopped by the send."""
        fresh = [address for address in new.addresses if address_digest(address) not in _digests(old)]
        if not fresh or new.unsubscribed_at is not None:
            return new
        since = self.suppressed_since(new.tenant, fresh)
        return new if since is None else replace(new, unsubscribed_at=since)

    def change(
        self, tenant: int, numbers: Sequence[int], change: Callable[[Contact], Contact], *, now: int
    ) -> dict[int, Contact]:
        """`Records.change`, which cannot move the locks: `change` leaves addresses as they are."""
        return Records(self.table, CONTACT_FORM).change(tenant, numbers, change, now=now)

    def suppressed_since(self, tenant: int, addresses: Iterable[str]) -> int | None:
        """Since when one of the addresses must not be mailed, None if all of them may be."""
        marks = self.table.get_many([keys.suppression(tenant, address_digest(address)) for address in addresses])
        return min((mark["suppressed_at"] for mark in marks.values()), default=None)

    def _lock_moves(self, old: Contact, new: Contact) -> list[dict[str, Any]]:
        before, after = _digests(old), _digests(new)
        taken = [lock_item(new, address) for digest, address in after.items() if digest not in before]
        left = [address for digest, address in before.items() if digest not in after]
        return [
            *(self.table.put_write(lock, condition=ABSENT) for lock in taken),
            *(self._unlock(old, address) for address in left),
        ]

    def _unlock(self, contact: Contact, address: str) -> dict[str, Any]:
        key = keys.email_lock(contact.tenant, address_digest(address))
        return self.table.delete_write(
            key, condition="attribute_not_exists(PK) OR contact = :me", values={":me": contact.number}
        )

    def remove(self, contacts: Sequence[Contact]) -> None:
        """Deletes contacts, frees their addresses and forgets them; what is suppressed stays suppressed.

        What changed meanwhile is read again. Raises StoreBusy.
        """
        for part in _parts(contacts):
            self._remove_part(part)

    def _remove_part(self, part: list[Contact]) -> None:
        for _ in range(_TRIES):
            self._forget_addresses(part)
            try:
                self.table.transact([write for contact in part for write in self._removal(contact)])
            except TransactionRefused:
                part = list(self.get_some(part[0].tenant, [contact.number for contact in part]).values())
                if part:
                    continue
            return
        raise StoreBusy("The contacts keep changing. Try again.")

    def _forget_addresses(self, contacts: Sequence[Contact]) -> None:
        """What is suppressed stays so, by its digest alone: done first, so that a retry finishes what a crash left."""
        stopped = (contact for contact in contacts if contact.unsubscribed_at is not None)
        places = [keys.suppression(contact.tenant, digest) for contact in stopped for digest in _digests(contact)]
        if places:
            Statements(self.table).change([Change(place, {"email": None}, {}) for place in places])

    def _removal(self, contact: Contact) -> list[dict[str, Any]]:
        same, seen = unchanged_since(contact.revision)
        gone = self.table.delete_write(
            keys.contact(contact.tenant, contact.number), condition=f"attribute_not_exists(PK) OR {same}", values=seen
        )
        return [gone, *(self._unlock(contact, address) for address in contact.addresses)]


def _parts(contacts: Sequence[Contact]) -> Iterator[list[Contact]]:
    """The contacts in lists, each of which fits a transaction with its locks."""
    part: list[Contact] = []
    writes = 0
    for contact in contacts:
        needed = 1 + len(contact.addresses)
        if part and writes + needed > _WRITES_PER_TRANSACTION:
            yield part
            part, writes = [], 0
        part.append(contact)
        writes += needed
    if part:
        yield part


def _digests(contact: Contact) -> dict[str, str]:
    return {address_digest(address): address for address in contact.addresses}


def _address_keys(contact: Contact) -> list[keys.Key]:
    """First the locks on its addresses, then their suppressions."""
    digests = _digests(contact)
    return [
        *(keys.email_lock(contact.tenant, digest) for digest in digests),
        *(keys.suppression(contact.tenant, digest) for digest in digests),
    ]


def _holders(there: dict[keys.Key, dict[str, Any]], contact: Contact) -> set[int]:
    """Who has one of the contact's addresses."""
    locks = (there.get(keys.email_lock(contact.tenant, digest)) for digest in _digests(contact))
    return {int(lock["contact"]) for lock in locks if lock is not None}


def _as_suppressed(there: dict[keys.Key, dict[str, Any]], contact: Contact) -> Contact:
    marks = (there.get(keys.suppression(contact.tenant, digest)) for digest in _digests(contact))
    since = min((mark["suppressed_at"] for mark in marks if mark is not None), default=None)
    return contact if since is None else replace(contact, unsubscribed_at=since)
