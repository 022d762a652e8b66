"""Contacts, and the imports that bring them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """A person that can be mailed. `email` is normalized (`domain.email`); `zone` is an IANA time zone, if known."""

    tenant: int
    number: int
    import_number: int
    email: str
    first_name: str | None
    last_name: str | None
    company: str | None
    created_at: int
    unsubscribed_at: int | None = None
    zone: str | None = None


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
