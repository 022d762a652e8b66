"""What AmpOut's contact imports may hold, and contacts be changed to (contract 2.2, A3, A4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, Field

from drumbeat.dialects.text import LINE_LENGTH, ZONE_WANTED, Email, Line, Name, Zone
from drumbeat.domain.contact import Contact, NewContact, RefusedRow, with_addresses
from drumbeat.domain.email import normalized
from drumbeat.domain.errors import NoContactsProvided, ValidationFailed
from drumbeat.domain.fit_text import is_line
from drumbeat.domain.schedule import is_zone

MAX_ROWS = 20_000
_OPTIONAL = ("first_name", "last_name", "company")


class NewImport(BaseModel):
    """The rows are looked at one by one: a bad one must not stop the others."""

    name: Name
    contacts: list[Any] = []


class CreateContactImportRequest(BaseModel):
    """POST /contact_imports."""

    contact_import: NewImport

    def rows(self) -> list[NewContact | RefusedRow]:
        """Every row, taken or refused. Raises NoContactsProvided, and ValidationFailed above the limit."""
        rows = self.contact_import.contacts
        if not rows:
            raise NoContactsProvided("contact_import.contacts must hold at least one contact.")
        if len(rows) > MAX_ROWS:
            raise ValidationFailed(f"One import takes {MAX_ROWS} contacts; split the list.", limit=MAX_ROWS)
        return [row_of(place, row) for place, row in enumerate(rows)]


class ContactChanges(BaseModel):
    """What a contact may change; a given null clears a name or the time zone, the address can't be cleared."""

    email: Email = ""
    first_name: Line | None = None
    last_name: Line | None = None
    company: Line | None = None
    zone: Annotated[Zone | None, Field(alias="time_zone")] = None


class UpdateContactRequest(BaseModel):
    """PATCH /contacts/{contact_id}."""

    contact: ContactChanges

    def change(self, contact: Contact) -> Contact:
        """The contact with what the request names; the other addresses it may have stay."""
        changed = replace(contact, **self.contact.model_dump(exclude_unset=True))
        return with_addresses(changed, changed.addresses)


def row_of(place: int, row: Any) -> NewContact | RefusedRow:
    """A row of an import as a contact, or the first reason why it is none."""
    if not isinstance(row, dict):
        return RefusedRow(place, "not_an_object", "", "A contact is an object with an email.")
    email = row.get("email")
    if email is None or email == "":
        return RefusedRow(place, "missing", "email", "The address is missing.")
    normal = normalized(email) if isinstance(email, str) else None
    if normal is None:
        return RefusedRow(place, "invalid_email", "email", "This is not an address that can be mailed.")
    for field in _OPTIONAL:
        refused = _refused_text(place, field, row.get(field))
        if refused is not None:
            return refused
    zone = row.get("time_zone") or None
    if zone is not None and not (isinstance(zone, str) and is_zone(zone)):
        return RefusedRow(place, "invalid_time_zone", "time_zone", f"It {ZONE_WANTED}.")
    return NewContact(normal, **{field: row.get(field) or None for field in _OPTIONAL}, zone=zone)


def _refused_text(place: int, field: str, value: Any) -> RefusedRow | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return RefusedRow(place, "wrong_type", field, "Must be text.")
    if len(value) > LINE_LENGTH:
        return RefusedRow(place, "too_long", field, f"At most {LINE_LENGTH} characters.")
    if not is_line(value):
        return RefusedRow(place, "invalid_text", field, "Must be one line without control characters.")
    return None
