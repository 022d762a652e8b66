"""What is done to records of any kind: users, companies, opportunities, and those that a tenant made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from drumbeat.application.links import Links, check_links, checked
from drumbeat.domain.errors import NotFound
from drumbeat.domain.links import Linked

if TYPE_CHECKING:
    from drumbeat.application.ports import Records


def get_record[R](records: Records[R], kind: str, *, tenant: int, number: int) -> R:
    """The record. Raises NotFound, which names the kind."""
    record = records.get(tenant, number)
    if record is None:
        raise NotFound(kind, number)
    return record


def create_record[R](records: Records[R], record: R, number: int, *, tenant: int, intent: str | None, now: int) -> R:
    """Keeps the record, made with `number`, and returns it: an earlier attempt's, if the intent is the same."""
    made = records.create(record, intent=intent, now=now)
    return record if made == number else get_record(records, "record", tenant=tenant, number=made)


def update_record[R](
    records: Records[R], kind: str, *, tenant: int, number: int, change: Callable[[R], R], now: int
) -> R:
    """Changes the record and returns it as it then is. Raises NotFound or StoreBusy."""
    changed = records.change(tenant, [number], change, now=now)
    if number not in changed:
        raise NotFound(kind, number)
    return changed[number]


def delete_record[R](records: Records[R], kind: str, *, tenant: int, number: int) -> None:
    """Deletes the record. Raises NotFound."""
    if not records.discard(tenant, number):
        raise NotFound(kind, number)


def create_linked[R: Linked](
    records: Records[R], links: Links, record: R, number: int, *, tenant: int, intent: str | None, now: int
) -> R:
    """`create_record` of one that may link to others. Raises UnknownLink."""
    check_links(links, tenant, record)
    return create_record(records, record, number, tenant=tenant, intent=intent, now=now)


def update_linked[R: Linked](
    records: Records[R], links: Links, kind: str, *, tenant: int, number: int, change: Callable[[R], R], now: int
) -> R:
    """`update_record` of one that may link to others. Raises UnknownLink too."""
    change = checked(links, tenant, change)
    return update_record(records, kind, tenant=tenant, number=number, change=change, now=now)


def all_records[R](records: Records[R], tenant: int, *, after: int = 0) -> Iterator[R]:
    """The tenant's records behind `after`, in number order; reads a page when it is asked for."""
    for looked in records.search(tenant, (), after=after):
        yield from looked.records
