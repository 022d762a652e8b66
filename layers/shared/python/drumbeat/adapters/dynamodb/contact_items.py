"""Contacts as items, the locks on their addresses, and what a change of one changes in the table."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.records import Form, without_empty
from drumbeat.domain.contact import Contact, view_of_contact
from drumbeat.domain.digest import digest
from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.ids import Kind

_NAMES = tuple(field.name for field in fields(Contact))


def address_digest(email: str) -> str:
    """Under which an address is locked and suppressed: no key holds the address itself."""
    return digest(same_mailbox_key(email))[:40]


def contact_item(contact: Contact) -> dict[str, Any]:
    """The item; what is empty is not in it. One that belongs to a company stands in the index of its contacts."""
    partition, sort = keys.contact(contact.tenant, contact.number)
    item = {"PK": partition, "SK": sort} | without_empty({name: getattr(contact, name) for name in _NAMES})
    if contact.company_number is not None:
        item["rpk"] = keys.contacts_of_company(contact.tenant, contact.company_number)
        item["rsk"] = keys.contact_sort(contact.number)
    return item


def contact_of(item: Mapping[str, Any]) -> Contact:
    """The contact that an item holds."""
    return Contact(
        tenant=item["tenant"],
        number=item["number"],
        import_number=item["import_number"],
        email=item.get("email"),
        first_name=item.get("first_name"),
        last_name=item.get("last_name"),
        company=item.get("company"),
        created_at=item["created_at"],
        unsubscribed_at=item.get("unsubscribed_at"),
        opt_out_revocable=item.get("opt_out_revocable", False),
        zone=item.get("zone"),
        other_emails=tuple(item.get("other_emails", ())),
        owner=item.get("owner"),
        company_number=item.get("company_number"),
        opportunity=item.get("opportunity"),
        assigned=tuple(item.get("assigned", ())),
        tags=tuple(item.get("tags", ())),
        touched_at=item.get("touched_at"),
        updated_at=item.get("updated_at"),
        revision=item.get("revision", 0),
        fields=item.get("fields", {}),
    )


def lock_item(contact: Contact, address: str) -> dict[str, Any]:
    """Says that the address is this contact's."""
    partition, sort = keys.email_lock(contact.tenant, address_digest(address))
    return {"PK": partition, "SK": sort, "contact": contact.number}


CONTACT_FORM = Form(Kind.CONTACT, keys.contact, contact_item, contact_of, view_of_contact, paged=True)
