"""AmpOut's contacts and contact imports (contract 2.2, A3, A4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.ampout.enrollments import contact_enrollment_body
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.application.contacts import Imported
    from drumbeat.domain.contact import Contact, ContactImport, RefusedRow
    from drumbeat.domain.enrollment import Enrollment


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
