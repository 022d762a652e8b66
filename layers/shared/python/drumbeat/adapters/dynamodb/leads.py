"""Leads: who has which external id, who is behind an address, and writing a new one down as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest, contact_item, contact_of, lock_item
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.lead_contexts import context_item, context_of
from drumbeat.adapters.dynamodb.lead_locks import holder_of, lock_key, lock_write, unlock_write
from drumbeat.adapters.dynamodb.sequence_items import sender_of, sequence_of
from drumbeat.adapters.dynamodb.table import ABSENT, PRESENT, Table
from drumbeat.application.lead_ports import Found, NewLead, Wanted
from drumbeat.domain.email import same_mailbox_key

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey

type _Items = Mapping[keys.Key, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LeadStore:
    """Reads and writes what belongs to leads."""

    table: Table

    def look(self, tenant: int, wanted: Wanted) -> Found:
        """Everything wanted that is there: one read, 100 items a request, and one for whom its locks lead to."""
        sequences = dict.fromkeys([wanted.sequence, *(key.sequence for key in wanted.enrollments)])
        locks = {lock_key(tenant, wanted.sequence, name): name for name in wanted.external_ids}
        mailboxes = dict.fromkeys(map(same_mailbox_key, wanted.addresses))
        items = self.table.get_many(
            [
                *(keys.sequence(tenant, number) for number in sequences),
                *(keys.enrollment(tenant, key) for key in wanted.enrollments),
                *locks,
                *(keys.email_lock(tenant, address_digest(mailbox)) for mailbox in mailboxes),
                *(keys.suppression(tenant, address_digest(mailbox)) for mailbox in mailboxes),
                *(keys.sender(tenant, number) for number in wanted.senders),
            ]
        )
        holders = {name: holder_of(wanted.sequence, items[key]) for key, name in locks.items() if key in items}
        owners = {
            mailbox: int(items[key]["contact"])
            for mailbox in mailboxes
            if (key := keys.email_lock(tenant, address_digest(mailbox))) in items
        }
        behind = self.table.get_many(
            [
                *(at for key in holders.values() if (at := keys.enrollment(tenant, key)) not in items),
                *(keys.contact(tenant, number) for number in owners.values()),
            ]
        )
        enrollments = _enrollments(tenant, [*wanted.enrollments, *holders.values()], {**items, **behind})
        people = {mailbox: behind.get(keys.contact(tenant, number)) for mailbox, number in owners.items()}
        return Found(
            sequences=_present({number: items.get(keys.sequence(tenant, number)) for number in sequences}, sequence_of),
            enrollments=enrollments,
            holders={name: key for name, key in holders.items() if _lives(enrollments.get(key))},
            dead={name: key for name, key in holders.items() if not _lives(enrollments.get(key))},
            people=_present(people, contact_of),
            barred=frozenset(
                mailbox for mailbox in mailboxes if keys.suppression(tenant, address_digest(mailbox)) in items
            ),
            senders=_present({number: items.get(keys.sender(tenant, number)) for number in wanted.senders}, sender_of),
        )

    def free(self, tenant: int, dead: Mapping[str, EnrollmentKey]) -> None:
        """Takes away the locks of holders that are gone: keys of enrollments never come back.

        One can be left by a deletion that did not see the id, because somebody was giving it at that very moment.
        """
        for external_id, holder in dead.items():
            self.table.commits([unlock_write(self.table, tenant, holder, external_id)])

    def contexts(self, tenant: int, wanted: Sequence[EnrollmentKey]) -> dict[EnrollmentKey, Mapping[str, Any]]:
        """The contexts of these enrollments, of those that have one, 100 a request."""
        found = self.table.get_many([keys.lead_context(tenant, key) for key in wanted])
        return {key: context_of(found[at]) for key in wanted if (at := keys.lead_context(tenant, key)) in found}

    def insert(
        self, lead: NewLead, *, fence: int | None, program: int | None, unique: bool, wanted: Sequence[int]
    ) -> bool:
        """Writes everything about a lead together, while its fence (if not None) and the `wanted` senders are there.

        False if something is taken, or gone: nothing is written then.
        """
        enrollment, tenant = lead.enrollment, lead.enrollment.tenant
        writes = EnrollmentStore(self.table).insertion(enrollment, fence=fence, program=program, unique=unique)
        writes += lock_write(self.table, enrollment)
        writes += [self.table.check_write(keys.sender(tenant, number), condition=PRESENT) for number in wanted]
        if lead.contact is not None:
            locks = [lock_item(lead.contact, address) for address in lead.contact.addresses]
            writes += [self.table.put_write(lock, condition=ABSENT) for lock in locks]
            writes.append(self.table.put_write(contact_item(lead.contact)))
        if lead.context is not None:
            writes.append(self.table.put_write(context_item(tenant, enrollment.key, lead.context)))
        return self.table.commits(writes)


def _lives(enrollment: Enrollment | None) -> bool:
    return enrollment is not None and not enrollment.is_deleted


def _enrollments(tenant: int, wanted: Sequence[EnrollmentKey], items: _Items) -> dict[EnrollmentKey, Enrollment]:
    found = {key: items.get(keys.enrollment(tenant, key)) for key in wanted}
    return _present(found, enrollment_of)


def _present[K, R](found: Mapping[K, dict[str, Any] | None], load: Any) -> dict[K, R]:
    return {name: load(item) for name, item in found.items() if item is not None}
