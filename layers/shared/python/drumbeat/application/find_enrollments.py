"""Enrollments as things of their own: found by number, by contact, or sequence by sequence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import TYPE_CHECKING, Any

from drumbeat.application.links import Links, without_dead_links
from drumbeat.domain.condition import Condition, Looked, Op, any_of, matches
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, key_of_enrollment_number
from drumbeat.domain.placed_enrollment import PlacedEnrollment, key_at, place_number

if TYPE_CHECKING:
    from drumbeat.application.ports import Contacts, ContactSearch, Enrollments, Records
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.sequence import Sender
    from drumbeat.domain.sequence import Sequence as Cadence

_AT_ONCE = 100
_SEQUENCE, _CONTACT, _SENDER = "sequence.", "contact.", "sender."

type View = Callable[[PlacedEnrollment], Mapping[str, Any]]
"""How conditions see an enrollment: `number`, `sequence`, `contact` and `sender` are numbers there."""


@dataclass(frozen=True, slots=True)
class FindPorts:
    """What finding enrollments reads."""

    enrollments: Enrollments
    sequences: Records[Cadence]
    senders: Records[Sender]
    contacts: Contacts
    contact_search: ContactSearch
    links: Links


def get_placed(ports: FindPorts, *, tenant: int, number: int) -> PlacedEnrollment:
    """The enrollment with this number. Raises NotFound."""
    key = key_of_enrollment_number(number)
    found = None if key is None else ports.enrollments.get(tenant, key)
    if found is None:
        raise NotFound("enrollment", number)
    return placed_one(ports, found)


def placed_one(ports: FindPorts, enrollment: Enrollment) -> PlacedEnrollment:
    """The enrollment with its sequence and its contact."""
    (placed,) = _placed(ports, enrollment.tenant, [enrollment], {})
    return placed


def search_enrollments(
    ports: FindPorts, *, tenant: int, conditions: Sequence[Condition], view: View, after: int = 0
) -> Iterator[Looked[PlacedEnrollment]]:
    """The enrollments that match, in order of their places behind the place `after`.

    Conditions on fields of the sequence, the contact or the sender (`sequence.name`) are asked of those first. Numbers
    lead to their enrollments and contacts to theirs; everything else is looked for in one sequence after the other.
    """
    asked = _resolved(ports, tenant, conditions)
    numbers, contacts = _all_named(asked, "number"), _all_named(asked, "contact")
    if numbers is not None:
        keys = [key for key in map(key_of_enrollment_number, numbers) if key is not None]
        pages = _in_order(ports.enrollments.existing(tenant, keys).values(), after)
    elif contacts is not None:
        pages = _in_order(ports.enrollments.of_contacts(tenant, sorted(contacts)), after)
    else:
        pages = _by_sequence(ports, tenant, asked, key_at(after))
    known: dict[int, Cadence | None] = {}
    for page in pages:
        found = _placed(ports, tenant, page.records, known)
        yield Looked([entry for entry in found if matches(view(entry), asked)], page.upto)


def _resolved(ports: FindPorts, tenant: int, conditions: Sequence[Condition]) -> list[Condition]:
    """The conditions, those on others' fields replaced by the numbers of the others that meet them."""
    own = [condition for condition in conditions if "." not in condition.field]
    searches: dict[str, Callable[[int, list[Condition]], Iterable[Looked[Any]]]] = {
        _SEQUENCE: ports.sequences.search,
        _CONTACT: ports.contact_search.search,
        _SENDER: ports.senders.search,
    }
    for prefix, search in searches.items():
        theirs = [
            replace(condition, field=condition.field.removeprefix(prefix))
            for condition in conditions
            if condition.field.startswith(prefix)
        ]
        if theirs:
            met = [record.number for looked in search(tenant, theirs) for record in looked.records]
            own.append(any_of(prefix.removesuffix("."), *met))
    return own


def _all_named(conditions: Iterable[Condition], field: str) -> set[int] | None:
    """The only numbers that the conditions leave to a field, None if they name none."""
    named = [
        {value for value in condition.values if isinstance(value, int)}
        for condition in conditions
        if condition.field == field and condition.op is Op.ANY_OF
    ]
    return set.intersection(*named) if named else None


def _in_order(found: Iterable[Enrollment], after: int) -> Iterator[Looked[Enrollment]]:
    behind = sorted(
        (entry for entry in found if place_number(entry.key) > after), key=lambda entry: place_number(entry.key)
    )
    return _pages(behind)


def _by_sequence(
    ports: FindPorts, tenant: int, conditions: Sequence[Condition], after: EnrollmentKey
) -> Iterator[Looked[Enrollment]]:
    numbers = _all_named(conditions, "sequence")
    wanted = [] if numbers is None else [any_of("number", *numbers)]
    for looked in ports.sequences.search(tenant, wanted, after=max(after.sequence - 1, 0)):
        for sequence in looked.records:
            begins = after if sequence.number == after.sequence else None
            yield from _pages(ports.enrollments.of_sequence(tenant, sequence.number, after=begins))
            yield Looked([], place_number(EnrollmentKey(sequence.number + 1, 0)) - 1)


def _pages(found: Iterable[Enrollment]) -> Iterator[Looked[Enrollment]]:
    for part in batched(found, _AT_ONCE, strict=False):
        yield Looked(list(part), place_number(part[-1].key))


def _placed(
    ports: FindPorts, tenant: int, found: Sequence[Enrollment], known: dict[int, Cadence | None]
) -> list[PlacedEnrollment]:
    fresh = {entry.key.sequence for entry in found} - known.keys()
    if fresh:
        read = ports.sequences.get_some(tenant, list(fresh))
        known |= {number: read.get(number) for number in fresh}
    read_people = ports.contacts.get_some(tenant, [entry.key.contact for entry in found]).values()
    people = {contact.number: contact for contact in without_dead_links(ports.links, tenant, list(read_people))}
    return [PlacedEnrollment(entry, known[entry.key.sequence], people.get(entry.key.contact)) for entry in found]
