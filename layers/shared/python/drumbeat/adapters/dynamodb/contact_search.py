"""Contacts by conditions: by the shortest way to them, and without links to what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import CONTACT_FORM, address_digest
from drumbeat.adapters.dynamodb.kinds import company_records
from drumbeat.adapters.dynamodb.links import LinkStore
from drumbeat.adapters.dynamodb.records import Records, numbers_asked_for
from drumbeat.application.links import without_dead_links
from drumbeat.domain.condition import Condition, Looked, Op, matches
from drumbeat.domain.contact import Contact, view_of_contact
from drumbeat.domain.email import same_mailbox_key

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table

_COMPANY = "company."
_LINKS = {"company_number", "opportunity"}
_FEW_COMPANIES = 100


@dataclass(frozen=True, slots=True)
class ContactSearchStore:
    """Finds contacts. What `company.…` asks is asked of the contacts' companies."""

    table: Table

    def search(self, tenant: int, conditions: Sequence[Condition], *, after: int = 0) -> Iterator[Looked[Contact]]:
        """The contacts that match, in number order behind `after`, one page after the other.

        Numbers and addresses lead to their contacts, a company to its own by the index; everything else looks at
        contact by contact. The index may be a moment behind: whom it does not show yet is not found.
        """
        numbers, others = numbers_asked_for([_spelled(condition) for condition in conditions])
        of_companies = [condition for condition in others if _is_of_company(condition)]
        others = [condition for condition in others if condition not in of_companies]
        companies = self._companies(tenant, of_companies) if of_companies else None
        of_links = [condition for condition in others if condition.field in _LINKS]
        others = [condition for condition in others if condition not in of_links]
        for page in self._pages(tenant, self._candidates(tenant, numbers, others, companies), others, after):
            found = [contact for contact in page.records if companies is None or contact.company_number in companies]
            if of_links:
                linked = without_dead_links(LinkStore(self.table), tenant, found)
                found = [contact for contact in linked if matches(view_of_contact(contact), of_links)]
            yield Looked(found, page.upto)

    def _pages(
        self, tenant: int, candidates: Iterable[int] | None, conditions: Sequence[Condition], after: int
    ) -> Iterator[Looked[Contact]]:
        contacts = Records(self.table, CONTACT_FORM)
        if candidates is None:
            return contacts.all(tenant, conditions, after=after)
        return contacts.among(tenant, candidates, conditions, after=after)

    def _companies(self, tenant: int, conditions: Sequence[Condition]) -> set[int]:
        """The companies that exist and match."""
        asked = [replace(condition, field=_of_company(condition.field)) for condition in conditions]
        pages = company_records(self.table).search(tenant, asked)
        return {company.number for page in pages for company in page.records}

    def _candidates(
        self, tenant: int, numbers: set[int] | None, conditions: Sequence[Condition], companies: set[int] | None
    ) -> Iterable[int] | None:
        """The only contacts that can match, None if that is not known in advance."""
        if numbers is not None:
            return numbers
        for condition in conditions:
            if condition.field == "emails" and condition.op is Op.ANY_OF:
                return self._holders(tenant, [value for value in condition.values if isinstance(value, str)])
        if companies is not None and len(companies) <= _FEW_COMPANIES:
            return self._linked(tenant, companies)
        return None

    def _holders(self, tenant: int, addresses: Sequence[str]) -> list[int]:
        locks = self.table.get_many([keys.email_lock(tenant, address_digest(address)) for address in addresses])
        return [int(lock["contact"]) for lock in locks.values()]

    def _linked(self, tenant: int, companies: Iterable[int]) -> list[int]:
        rows = (self.table.items(keys.contacts_of_company(tenant, number), index="related") for number in companies)
        return [int(row["SK"]) for row in merge(*rows, key=lambda row: str(row["SK"]))]


def _spelled(condition: Condition) -> Condition:
    """The condition with addresses as views spell them."""
    if condition.field != "emails":
        return condition
    values = tuple(same_mailbox_key(value) if isinstance(value, str) else value for value in condition.values)
    return replace(condition, values=values)


def _is_of_company(condition: Condition) -> bool:
    """Whether only a company can tell; having none is the contact's own business."""
    by_number = condition.field == "company_number" and condition.op in {Op.ANY_OF, Op.BETWEEN}
    return by_number or condition.field.startswith(_COMPANY)


def _of_company(field: str) -> str:
    return "number" if field == "company_number" else field.removeprefix(_COMPANY)
