"""Contacts and the imports that bring them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.domain.batch import MESSAGE_VERSION
from drumbeat.domain.contact import Contact, ContactImport, NewContact, RefusedRow
from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.errors import NotFound, StoreBusy, ValidationFailed
from drumbeat.domain.ids import Kind

if TYPE_CHECKING:
    from drumbeat.application.ports import (
        BatchQueue,
        ContactImports,
        Contacts,
        Enrollments,
        Numbers,
        OutOfTime,
        Sequences,
    )
    from drumbeat.domain.enrollment import Enrollment

DELETE_IMPORT = "delete_import"
_CHUNK = 200
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import took in, and what it did not: rows that were refused, and rows whose address was there already."""

    header: ContactImport
    record_count: int
    refused: tuple[RefusedRow, ...]
    duplicates: tuple[RefusedRow, ...]


def import_contacts(
    imports: ContactImports,
    contacts: Contacts,
    numbers: Numbers,
    *,
    tenant: int,
    name: str,
    rows: Sequence[NewContact | RefusedRow],
    intent: str | None,
    now: int,
) -> Imported:
    """Takes in every good row whose address the tenant does not have yet, whatever its neighbours are.

    The first of two rows with one address wins. Raises ValidationFailed, with nothing left behind, when no row is good.
    """
    refused = tuple(row for row in rows if isinstance(row, RefusedRow))
    if len(refused) == len(rows):
        raise ValidationFailed("No contact can be imported.", errors=[asdict(row) for row in refused])
    header = _header(imports, numbers, tenant, name, len(rows), intent, now)
    wanted, duplicates = _unique(header, rows)
    added: set[int] = set()
    for start in range(0, len(wanted), _CHUNK):
        added |= contacts.add(wanted[start : start + _CHUNK])
    duplicates += [
        _duplicate(contact.number - header.first, _KNOWN) for contact in wanted if contact.number not in added
    ]
    imports.complete(header, record_count=len(added), skipped=len(duplicates))
    return Imported(header, len(added), refused, tuple(sorted(duplicates, key=lambda row: row.row)))


_REPEATED = "The address stands in an earlier row."
_KNOWN = "A contact with this address exists."


def _duplicate(row: int, message: str) -> RefusedRow:
    return RefusedRow(row, "duplicate_email", "email", message)


def _header(
    imports: ContactImports, numbers: Numbers, tenant: int, name: str, rows: int, intent: str | None, now: int
) -> ContactImport:
    first = numbers.take(tenant, Kind.CONTACT, rows)
    number = numbers.take(tenant, Kind.CONTACT_IMPORT)
    fresh = ContactImport(tenant, number, name, first, first + rows - 1, now)
    made = imports.create(fresh, intent=intent, now=now)
    header = fresh if made == number else imports.get(tenant, made)
    if header is None:
        raise NotFound("contact_import")
    if header.last - header.first + 1 != rows:
        raise ValidationFailed("This Idempotency-Key began an import with another number of contacts.")
    return header


def _unique(header: ContactImport, rows: Sequence[NewContact | RefusedRow]) -> tuple[list[Contact], list[RefusedRow]]:
    wanted: list[Contact] = []
    duplicates: list[RefusedRow] = []
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if isinstance(row, RefusedRow):
            continue
        mailbox = same_mailbox_key(row.email)
        if mailbox in seen:
            duplicates.append(_duplicate(place, _REPEATED))
            continue
        seen.add(mailbox)
        wanted.append(_contact(header, header.first + place, row))
    return wanted, duplicates


def _contact(header: ContactImport, number: int, row: NewContact) -> Contact:
    return Contact(
        tenant=header.tenant,
        number=number,
        import_number=header.number,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        company=row.company,
        created_at=header.created_at,
        zone=row.zone,
    )


def count_contacts(contacts: Contacts, header: ContactImport) -> int:
    """How many of the import's contacts are still there."""
    return sum(len(page) for page in contacts.pages_of_import(header))


def get_contact_import(imports: ContactImports, *, tenant: int, number: int) -> ContactImport:
    """The import. Raises NotFound."""
    header = imports.get(tenant, number)
    if header is None:
        raise NotFound("contact_import")
    return header


def get_contact(contacts: Contacts, *, tenant: int, number: int) -> Contact:
    """The contact. Raises NotFound."""
    contact = contacts.get(tenant, number)
    if contact is None:
        raise NotFound("contact", number)
    return contact


def update_contact(
    contacts: Contacts, *, tenant: int, number: int, change: Callable[[Contact], Contact], now: int
) -> Contact:
    """Applies `change` to the contact and returns it as it then is. Raises NotFound, EmailTaken or StoreBusy."""
    for _ in range(_TRIES):
        old = get_contact(contacts, tenant=tenant, number=number)
        new = change(old)
        if new == old:
            return old
        written = contacts.update(old, replace(new, updated_at=now))
        if written is not None:
            return written
    raise StoreBusy("The contact keeps changing. Try again.")


@dataclass(frozen=True, slots=True)
class DeletePorts:
    """What deleting people touches."""

    contact_imports: ContactImports
    contacts: Contacts
    enrollments: Enrollments
    sequences: Sequences
    queue: BatchQueue


def delete_contact(ports: DeletePorts, *, tenant: int, number: int) -> None:
    """Removes the contact's enrollments, then the contact: a retry finishes what a crash left. Raises NotFound."""
    contact = get_contact(ports.contacts, tenant=tenant, number=number)
    _remove_enrollments(ports, tenant, ports.enrollments.of_contacts(tenant, [number], deleted=True))
    ports.contacts.remove([contact])


def delete_contacts(ports: DeletePorts, *, tenant: int, numbers: Sequence[int]) -> None:
    """Removes the contacts' enrollments, then the contacts; who is gone stays so. Raises StoreBusy."""
    _remove_enrollments(ports, tenant, ports.enrollments.of_contacts(tenant, numbers, deleted=True))
    ports.contacts.remove(list(ports.contacts.get_some(tenant, numbers).values()))


def delete_contact_import(ports: DeletePorts, *, tenant: int, number: int, out_of_time: OutOfTime) -> bool:
    """Removes the import's enrollments, its contacts and the import; returns whether all is gone.

    What does not fit the time is handed to the queue; nothing of the import can be read or enrolled from the first
    moment. Raises NotFound.
    """
    header = ports.contact_imports.begin_deletion(tenant, number)
    if header is None:
        raise NotFound("contact_import")
    if _delete_rows(ports, header, out_of_time):
        ports.contact_imports.finish_deletion(header)
        return True
    ports.queue.put({"v": MESSAGE_VERSION, "kind": DELETE_IMPORT, "tenant": tenant, "contact_import": number})
    return False


def continue_delete_import(ports: DeletePorts, *, tenant: int, number: int, out_of_time: OutOfTime) -> None:
    """Goes on with a deletion that was handed over; one that is finished stays so."""
    if ports.contact_imports.begin_deletion(tenant, number) is not None:
        delete_contact_import(ports, tenant=tenant, number=number, out_of_time=out_of_time)


def _delete_rows(ports: DeletePorts, header: ContactImport, out_of_time: OutOfTime) -> bool:
    tenant, span = header.tenant, (header.first, header.last)
    for sequence in ports.sequences.all(tenant):
        chunk: list[Enrollment] = []
        for enrollment in ports.enrollments.of_sequence(tenant, sequence.number, contacts=span, deleted=True):
            chunk.append(enrollment)
            if len(chunk) == _CHUNK:
                _remove_enrollments(ports, tenant, chunk)
                chunk = []
                if out_of_time():
                    return False
        _remove_enrollments(ports, tenant, chunk)
    for page in ports.contacts.pages_of_import(header):
        if out_of_time():
            return False
        ports.contacts.remove(page)
    return True


def _remove_enrollments(ports: DeletePorts, tenant: int, enrollments: Sequence[Enrollment]) -> None:
    """What was relinked to somebody else stays; what others have that was to these ends when its step finds nobody."""
    doomed = [enrollment for enrollment in enrollments if enrollment.contact == enrollment.key.contact]
    if not doomed:
        return
    programs: dict[int, int] = {}
    for number in {enrollment.key.sequence for enrollment in doomed}:
        sequence = ports.sequences.get(tenant, number)
        if sequence is not None and sequence.program is not None:
            programs[number] = sequence.program
    ports.enrollments.remove(doomed, programs=programs)
