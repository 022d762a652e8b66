"""Whom events were mailed to: addresses are looked up when an event is told, as the log must not outlive them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from drumbeat.domain.logged_event import LoggedEvent

type Place = tuple[int, int]
"""A tenant, and the number of a contact of its own."""


class Addressees(Protocol):
    """Knows the addresses of contacts."""

    def emails(self, contacts: Collection[Place]) -> Mapping[Place, str]:
        """The addresses of those of the contacts that are there and have one: one request for 100 contacts."""
        ...


def addressed(addressees: Addressees, events: Sequence[LoggedEvent]) -> list[LoggedEvent]:
    """The events, each with the address that its contact has now, None where the contact is gone or has none.

    Asks nothing where there is nobody to ask for.
    """
    contacts = {contact for event in events if (contact := _contact_of(event))}
    emails = addressees.emails(contacts) if contacts else {}
    return [_with_email(event, emails) for event in events]


def _contact_of(event: LoggedEvent) -> Place | None:
    contact = None if event.enrollment is None else event.enrollment.contact
    return None if contact is None else (event.tenant, contact)


def _with_email(event: LoggedEvent, emails: Mapping[Place, str]) -> LoggedEvent:
    contact = _contact_of(event)
    if event.enrollment is None or contact is None:
        return event
    return replace(event, enrollment=replace(event.enrollment, contact_email=emails.get(contact)))
