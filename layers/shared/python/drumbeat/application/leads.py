"""Enrollments as those see them who think in leads: with the person they mail and what the tenant's app is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from drumbeat.application.lead_ports import Leads, Wanted
from drumbeat.domain.errors import NotFound

if TYPE_CHECKING:
    from drumbeat.application.ports import Contacts, Enrollments
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.reach import Reach
    from drumbeat.domain.sequence import Sequence as Cadence

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class LeadPorts:
    """What is read."""

    leads: Leads
    enrollments: Enrollments
    contacts: Contacts


@dataclass(frozen=True, slots=True)
class PlacedLead:
    """An enrollment, its sequence, the address that is mailed (None: nobody), and the lead's context."""

    enrollment: Enrollment
    sequence: Cadence
    email: str | None
    context: Mapping[str, Any] | None


def place_leads(
    ports: LeadPorts,
    sequence: Cadence,
    enrollments: Sequence[Enrollment],
    addresses: Mapping[int, str | None] = MappingProxyType({}),
) -> list[PlacedLead]:
    """The enrollments of the sequence with what goes with them: two reads for a hundred, none for what has nothing.

    `addresses` are those of contacts that are known already.
    """
    tenant = sequence.tenant
    numbers = dict.fromkeys(entry.contact for entry in enrollments if entry.contact is not None)
    people = ports.contacts.get_some(tenant, [number for number in numbers if number not in addresses])
    known = {number: person.email for number, person in people.items()} | dict(addresses)
    wanted = list(dict.fromkeys(entry.key for entry in enrollments if entry.has_context))
    contexts = ports.leads.contexts(tenant, wanted)
    return [
        PlacedLead(
            entry,
            sequence,
            None if entry.contact is None else known.get(entry.contact),
            contexts.get(entry.key),
        )
        for entry in enrollments
    ]


def get_lead(ports: LeadPorts, reach: Reach, *, tenant: int, key: EnrollmentKey) -> PlacedLead:
    """The enrollment. Raises NotFound, also for what the caller does not reach."""
    found = ports.leads.look(tenant, Wanted(key.sequence, enrollments=[key]))
    sequence, enrollment = found.sequences.get(key.sequence), found.enrollments.get(key)
    if sequence is None or enrollment is None or not _is_seen(reach, sequence, enrollment):
        raise NotFound("enrollment")
    (placed,) = place_leads(ports, sequence, [enrollment])
    return placed


def list_leads(
    ports: LeadPorts,
    reach: Reach,
    *,
    tenant: int,
    sequence_number: int,
    external_id: str | None,
    keep: Callable[[Enrollment], bool],
    after: EnrollmentKey | None,
) -> Iterator[PlacedLead]:
    """The sequence's enrollments behind `after` that the caller reaches and `keep` keeps, by contact and run.

    With an `external_id`, the one that has it: its lock leads there. Raises NotFound for the sequence.
    """
    external_ids = [] if external_id is None else [external_id]
    looked = ports.leads.look(tenant, Wanted(sequence_number, external_ids=external_ids))
    sequence = looked.sequences.get(sequence_number)
    if sequence is None or not reach.covers(workspace=sequence.workspace):
        raise NotFound("sequence")
    found: Iterator[Enrollment] = iter(looked.enrollments.values())
    if external_id is None:
        found = ports.enrollments.of_sequence(tenant, sequence_number, after=after)
    seen = (entry for entry in found if _is_seen(reach, sequence, entry) and keep(entry))
    return _placed(ports, sequence, seen)


def _placed(ports: LeadPorts, sequence: Cadence, found: Iterator[Enrollment]) -> Iterator[PlacedLead]:
    for some in batched(found, _AT_ONCE, strict=False):
        yield from place_leads(ports, sequence, some)


def _is_seen(reach: Reach, sequence: Cadence, enrollment: Enrollment) -> bool:
    return not enrollment.is_deleted and reach.covers(workspace=sequence.workspace, sender=enrollment.sender)
