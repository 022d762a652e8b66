"""AmpOut's contacts and contact imports (contract 2.2, A3, A4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from drumbeat.dialects.ampout.enrollments import contact_enrollment_body
from drumbeat.dialects.text import LINE_LENGTH, ZONE_WANTED, Email, Line, Name, Zone
from drumbeat.domain.contact import Contact, ContactImport, NewContact, RefusedRow, with_addresses
from drumbeat.domain.email import normalized
from drumbeat.domain.errors import NoContactsProvided, ValidationFailed
from drumbeat.domain.fit_text import is_line
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.schedule import is_zone
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.application.contacts import Imported
    from drumbeat.domain.enrollment import Enrollment

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


def imported_body(imported: Imported) -> dict[str, Any]:
    """What an import took in; `skipped` only when duplicates were dropped, `rejected` and `duplicates` are ours."""
    header = imported.header
    body: dict[str, Any] = {
        "id": resource_uuid(Kind.CONTACT_IMPORT, header.tenant, header.number),
        "name": header.name,
        "record_count": imported.record_count,
    }
    if imported.duplicates:
        body |= {"skipped": len(imported.duplicates), "duplicates": row_bodies(imported.duplicates)}
    if imported.refused:
        body["rejected"] = row_bodies(imported.refused)
    return body


def row_bodies(rows: Iterable[RefusedRow]) -> list[dict[str, Any]]:
    """Refused rows by number, code and field."""
    return [{"row": row.row, "code": row.code, "field": row.field, "message": row.message} for row in rows]


def import_body(header: ContactImport, live: int | None = None) -> dict[str, Any]:
    """An import as lists show it; `record_count` of one that broke off is what is there of it."""
    return {
        "id": resource_uuid(Kind.CONTACT_IMPORT, header.tenant, header.number),
        "name": header.name,
        "record_count": live if header.record_count is None else header.record_count,
        "created_at": iso(header.created_at),
    }


def contact_body(contact: Contact) -> dict[str, Any]:
    """A contact; `time_zone` is ours and shown only where it is set."""
    body = {
        "id": resource_uuid(Kind.CONTACT, contact.tenant, contact.number),
        "email": contact.email,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "company": contact.company,
        "unsubscribed_at": iso_or_none(contact.unsubscribed_at),
        "created_at": iso(contact.created_at),
    }
    return body if contact.zone is None else body | {"time_zone": contact.zone}


def contact_with_enrollments(contact: Contact, enrollments: Iterable[Enrollment]) -> dict[str, Any]:
    """A contact with its way through the campaigns."""
    return contact_body(contact) | {"enrollments": [contact_enrollment_body(entry) for entry in enrollments]}
