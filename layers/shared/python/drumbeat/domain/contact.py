"""Contacts, and the imports that bring them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from drumbeat.domain.email import same_mailbox_key


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. Mail goes to `email`; without one it cannot be mailed.

    All `addresses` are normalized (`domain.email`), each belongs to this contact alone, and no mail goes to `email`
    while one of them is suppressed, nor once `unsubscribed_at` is set. `opt_out_revocable`: a user set it and may take
    it back. `zone` is an IANA time zone, if known. `owner` and `assigned` are users. `fields` are shown back as they
    were given. `revision` grows with every write. `import_number` is 0 for a contact that came with no import.
    """

    tenant: int
    number: int
    import_number: int
    email: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    created_at: int
    unsubscribed_at: int | None = None
    zone: str | None = None
    other_emails: tuple[str, ...] = ()
    owner: int | None = None
    company_number: int | None = None
    opportunity: int | None = None
    opt_out_revocable: bool = False
    assigned: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    touched_at: int | None = None
    updated_at: int | None = None
    revision: int = 0
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The address that mail goes to, then the others."""
        return () if self.email is None else (self.email, *self.other_emails)


def with_addresses(contact: Contact, addresses: Sequence[str]) -> Contact:
    """The contact with these normalized addresses, mail goes to the first; of two that are one mailbox the first."""
    different: dict[str, str] = {}
    for address in addresses:
        different.setdefault(same_mailbox_key(address), address)
    kept = tuple(different.values())
    return replace(contact, email=kept[0] if kept else None, other_emails=kept[1:])


@dataclass(frozen=True, slots=True)
class ContactImport:
    """A list of contacts as it was handed in.

    Its contacts have the numbers `first` to `last`, in row order, with gaps where a row was not taken.
    `record_count` is None until the import is complete.
    """

    tenant: int
    number: int
    name: str
    first: int
    last: int
    created_at: int
    record_count: int | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """Why a row was not taken: `row` counts from 0, `code` is machine-readable."""

    row: int
    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class NewContact:
    """A row that can be taken in; `email` is normalized, `zone` an IANA time zone."""

    email: str
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    zone: str | None = None


def view_of_contact(contact: Contact) -> dict[str, Any]:
    """The contact as conditions see it: `texts` is what a search by prefix looks at, addresses are without capitals."""
    name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    emails = tuple(same_mailbox_key(address) for address in contact.addresses)
    return {
        **contact.fields,
        "number": contact.number,
        "emails": emails,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "name": name or None,
        "company": contact.company,
        "company_number": contact.company_number,
        "owner": contact.owner,
        "opportunity": contact.opportunity,
        "assigned": contact.assigned,
        "tags": contact.tags,
        "zone": contact.zone,
        "opted_out": contact.unsubscribed_at is not None,
        "unsubscribed_at": contact.unsubscribed_at,
        "touched_at": contact.touched_at,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
        "texts": tuple(text for text in (contact.first_name, contact.last_name, name, *emails) if text),
    }
