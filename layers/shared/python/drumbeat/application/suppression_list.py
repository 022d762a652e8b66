"""The tenant's list of addresses that must not be mailed: adding to it in bulk, showing it, taking off it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.batch import MESSAGE_VERSION
from drumbeat.domain.suppression import Suppression, SuppressionReason

if TYPE_CHECKING:
    from drumbeat.application.ports import BatchQueue, OutOfTime
    from drumbeat.application.send_ports import ContactEnrollments, Signals

STOP_CONTACTS = "stop_contacts"
_STOPS_PER_MESSAGE = 200
_LOOKS = 5_000
"""How many rows one call looks at, at most about a page more, when few of them are what is asked for."""


class Unwanted(NamedTuple):
    """A normalized address that is not to be mailed any more, why, and where that comes from."""

    email: str
    reason: SuppressionReason
    source: str | None


class Holder(NamedTuple):
    """The contact that has an address which was suppressed, and why it was."""

    contact: int
    reason: SuppressionReason
    source: str | None


class Lifted(StrEnum):
    """What became of an address that was to be taken off the list."""

    REMOVED = "removed"
    NOT_SUPPRESSED = "not_suppressed"
    RECIPIENTS_OWN = "recipients_own"  # the recipient wanted it, or may have: not without asking


class Suppressions(Protocol):
    """Keeps what is suppressed."""

    def add(self, tenant: int, unwanted: Sequence[Unwanted], now: int) -> list[bool]:
        """Suppresses each address; whether it was new, in order. What is there only gets further reasons."""
        ...

    def holders(self, tenant: int, unwanted: Sequence[Unwanted]) -> list[Holder]:
        """The contacts that have the addresses, each once for each reason."""
        ...

    def find(self, tenant: int, email: str) -> Suppression | None: ...
    def all(self, tenant: int, *, after: str | None = None) -> Iterator[list[tuple[str, Suppression]]]:
        """The list page by page, longest suppressed first, each with its place; `after` is one of those."""
        ...

    def lift(self, tenant: int, email: str, *, recipient_asked: bool, now: int) -> Lifted:
        """Takes an address off the list; `recipient_asked` takes what the recipient wanted before off too.

        The contact's own mark goes with it only then, and only if none of its other addresses is suppressed.
        """
        ...


@dataclass(frozen=True, slots=True)
class SuppressPorts:
    """What suppressing in bulk touches."""

    suppressions: Suppressions
    signals: Signals
    enrollments: ContactEnrollments
    queue: BatchQueue


def suppress_many(
    ports: SuppressPorts, *, tenant: int, unwanted: Sequence[Unwanted], out_of_time: OutOfTime, now: int
) -> list[bool]:
    """Suppresses the addresses and stops the contacts that have them; returns which addresses were new, in order.

    All addresses are marked before a contact is looked for: none is mailed from then on, and one that is imported
    meanwhile comes in as unsubscribed. Stopping what does not fit the time is handed to the queue. Repeating it changes
    nothing.
    """
    added = ports.suppressions.add(tenant, unwanted, now)
    _stop(ports, tenant, ports.suppressions.holders(tenant, unwanted), out_of_time, now)
    return added


def continue_stopping(
    ports: SuppressPorts, *, tenant: int, rows: Sequence[Sequence[Any]], out_of_time: OutOfTime, now: int
) -> None:
    """Goes on with contacts that were handed over; who is stopped stays so."""
    holders = [Holder(contact, SuppressionReason(reason), source) for contact, reason, source in rows]
    _stop(ports, tenant, holders, out_of_time, now)


def _stop(ports: SuppressPorts, tenant: int, holders: Sequence[Holder], out_of_time: OutOfTime, now: int) -> None:
    for place, (contact, reason, source) in enumerate(holders):
        if out_of_time():
            ports.queue.put(*_messages(tenant, holders[place:]))
            return
        stop_contact(
            ports.signals, ports.enrollments, tenant=tenant, contact=contact, reason=reason, source=source, now=now
        )


def _messages(tenant: int, holders: Sequence[Holder]) -> list[Mapping[str, Any]]:
    return [
        {"v": MESSAGE_VERSION, "kind": STOP_CONTACTS, "tenant": tenant, "contacts": [list(holder) for holder in part]}
        for part in batched(holders, _STOPS_PER_MESSAGE, strict=False)
    ]


def take_off(
    suppressions: Suppressions, *, tenant: int, emails: Mapping[int, str], recipient_asked: bool, now: int
) -> dict[int, Lifted]:
    """Takes addresses off the list, each by itself; what became of each, by its row. No enrollment goes on by this."""
    return {
        row: suppressions.lift(tenant, email, recipient_asked=recipient_asked, now=now) for row, email in emails.items()
    }


class Listed(NamedTuple):
    """A part of the list, and the place to go on from: None at its end."""

    suppressions: list[Suppression]
    after: str | None


def list_suppressions(
    suppressions: Suppressions,
    *,
    tenant: int,
    limit: int,
    after: str | None = None,
    reason: SuppressionReason | None = None,
) -> Listed:
    """The next `limit` suppressions, those for one `reason` if given: then there may be fewer before the end."""
    found: list[Suppression] = []
    looked = 0
    place = after
    for page in suppressions.all(tenant, after=after):
        for place, suppression in page:
            if reason in {None, suppression.reason}:
                found.append(suppression)
            if len(found) == limit:
                return Listed(found, place)
        looked += len(page)
        if looked >= _LOOKS:
            return Listed(found, place)
    return Listed(found, None)
