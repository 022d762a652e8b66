"""Contacts as users keep them: one by one or many at once, with what opting somebody out or in means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.application.contacts import get_contact
from drumbeat.application.links import Links, check_links
from drumbeat.application.unsubscribe import take_out_all
from drumbeat.domain.batch import Outcome
from drumbeat.domain.contact import Contact, with_addresses
from drumbeat.domain.errors import NotFound, OptOutStands, StoreBusy
from drumbeat.domain.ids import Kind
from drumbeat.domain.links import given

if TYPE_CHECKING:
    from drumbeat.application.ports import Contacts, Enrollments, Numbers
    from drumbeat.application.send_ports import Signals

NOT_FOUND = Outcome("NOT_FOUND", "There is no such contact.")
_TRIES = 5
_OPT_OUTS: Mapping[str, Any] = {"opted_out": True, "email_opted_out": True, "emails_opt_status": "opted_out"}
"""What speaks of mail, each with the value that stops it."""
_NOT_KEPT = {"emails", "opted_out", "email_opted_out"}

type Change = Callable[[Contact], Contact]


@dataclass(frozen=True, slots=True)
class PeoplePorts:
    """What keeping contacts touches."""

    contacts: Contacts
    links: Links
    enrollments: Enrollments
    signals: Signals
    numbers: Numbers


def opted_out(contact: Contact, now: int) -> Contact:
    """The contact as a user opts it out, who may take that back; whoever is out already stays as they are."""
    if contact.unsubscribed_at is not None:
        return contact
    return replace(contact, unsubscribed_at=now, opt_out_revocable=True)


def opted_in(contact: Contact) -> Contact:
    """The contact as a user asks it in again. `change_contact` refuses what is not the user's to undo."""
    return replace(contact, unsubscribed_at=None, opt_out_revocable=False)


def with_values(contact: Contact, values: Mapping[str, Any], now: int) -> Contact:
    """The contact as a user's values make it: engine fields, `emails`, what speaks of opting out, others shown back.

    Raises ValidationFailed.
    """
    changed = given(contact, {name: value for name, value in values.items() if name not in _NOT_KEPT})
    changed = replace(changed, tags=tuple(changed.tags or ()))
    if "emails" in values:
        changed = with_addresses(changed, values["emails"] or ())
    return _as_opted(changed, values, now)


def _as_opted(contact: Contact, values: Mapping[str, Any], now: int) -> Contact:
    """Out as soon as one of the values says so; in again if all that are given do."""
    said = [values[name] == stop for name, stop in _OPT_OUTS.items() if values.get(name) not in {None, "null"}]
    if any(said):
        return opted_out(contact, now)
    return opted_in(contact) if said and contact.unsubscribed_at is not None else contact


def create_contact(ports: PeoplePorts, *, tenant: int, fill: Change, intent: str | None, now: int) -> Contact:
    """Keeps a new contact as `fill` makes it from an empty one. Raises EmailTaken or UnknownLink."""
    number = ports.numbers.take(tenant, Kind.CONTACT)
    empty = Contact(tenant, number, 0, None, None, None, None, now, updated_at=now)
    contact = fill(empty)
    check_links(ports.links, tenant, contact)
    made = ports.contacts.create(contact, intent=intent, now=now)
    if made is None:
        raise NotFound("contact")
    return made


def change_contact(ports: PeoplePorts, *, tenant: int, number: int, change: Change, now: int) -> Contact:
    """Changes the contact and returns it as it then is; one that is opted out is taken out of its sequences.

    Raises NotFound, EmailTaken, UnknownLink, OptOutStands or StoreBusy.
    """
    for _ in range(_TRIES):
        old = get_contact(ports.contacts, tenant=tenant, number=number)
        new = change(old)
        check_links(ports.links, tenant, new, old)
        _check_opt_in(ports, old, new)
        written = old if new == old else ports.contacts.update(old, replace(new, updated_at=now))
        if written is not None:
            newly = old.unsubscribed_at is None and written.unsubscribed_at is not None
            _stop(ports, tenant, [number] if newly or _opts_out(change, old) else [], now)
            return written
    raise StoreBusy("The contact keeps changing. Try again.")


def change_contacts(
    ports: PeoplePorts, *, tenant: int, numbers: Sequence[int], change: Change, now: int
) -> list[Outcome]:
    """Changes up to about 100 contacts, each on its own, and tells what became of each, in order.

    `change` may be repeated, leaves addresses as they are and links to what exists only. Raises StoreBusy.
    """
    alone: set[int] = set()
    out: set[int] = set()

    def careful(contact: Contact) -> Contact:
        new = change(contact)
        alone.update([contact.number] if _opts_in(contact, new) else [])
        out.update([contact.number] if _opts_out(change, contact) else [])
        return contact if contact.number in alone else new

    changed = ports.contacts.change(tenant, numbers, careful, now=now)
    _stop(ports, tenant, sorted(out), now)
    outcomes = {number: Outcome() for number in changed}
    outcomes |= {number: _alone(ports, tenant, number, change, now) for number in alone}
    return [outcomes.get(number, NOT_FOUND) for number in numbers]


def _alone(ports: PeoplePorts, tenant: int, number: int, change: Change, now: int) -> Outcome:
    """Opting in asks for a look at the addresses, so it is done one by one."""
    try:
        change_contact(ports, tenant=tenant, number=number, change=change, now=now)
    except NotFound:
        return NOT_FOUND
    except OptOutStands as refusal:
        return Outcome(refusal.code.upper(), refusal.message)
    return Outcome()


def _opts_in(old: Contact, new: Contact) -> bool:
    return old.unsubscribed_at is not None and new.unsubscribed_at is None


def _opts_out(change: Change, contact: Contact) -> bool:
    """Whether the change would, were it the first to: repeated after a crash, it still has to take enrollments out."""
    return change(opted_in(contact)).unsubscribed_at is not None


def _check_opt_in(ports: PeoplePorts, old: Contact, new: Contact) -> None:
    if not _opts_in(old, new):
        return
    addresses = dict.fromkeys((*old.addresses, *new.addresses))
    if not old.opt_out_revocable or ports.contacts.suppressed_since(old.tenant, addresses) is not None:
        raise OptOutStands("Mail to this contact, or to one of its addresses, was stopped for good.")


def _stop(ports: PeoplePorts, tenant: int, numbers: Sequence[int], now: int) -> None:
    """Every send looks at the contact's mark: what a crash leaves here is taken out by it, or by a repetition."""
    if numbers:
        found = ports.enrollments.of_contacts(tenant, numbers)
        take_out_all(ports.signals, [entry for entry in found if entry.contact == entry.key.contact], now)
