"""What batches do to contacts (contract 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.application.add_to_sequence import add_to_sequence
from drumbeat.application.batch_actions import Action, Actions
from drumbeat.application.bulk_changes import REFUSED, Make, changing
from drumbeat.application.contacts import DeletePorts, delete_contacts
from drumbeat.application.enrollment_actions import ActionPorts, finish_all, pause_all
from drumbeat.application.people import PeoplePorts, change_contacts, with_values
from drumbeat.application.rulesets import ruleset_of
from drumbeat.application.sequences import get_sequence
from drumbeat.application.shared_senders import find_sender
from drumbeat.domain.batch import DONE, Batch, Outcome
from drumbeat.domain.bulk_change import (
    unassigned,
    with_assigned,
    with_tags,
    without_assigned,
    without_tags,
)
from drumbeat.domain.errors import NotFound, ValidationFailed

if TYPE_CHECKING:
    from drumbeat.application.addition import AddPorts
    from drumbeat.domain.contact import Contact


@dataclass(frozen=True, slots=True)
class ContactActionPorts:
    """What these actions touch; each part is made when an action asks for it."""

    people: Callable[[], PeoplePorts]
    deleting: Callable[[], DeletePorts]
    adding: Callable[[], AddPorts]
    enrollments: Callable[[], ActionPorts]


def contact_actions(ports: ContactActionPorts) -> Actions:
    """The actions by their names."""

    def apply(tenant: int, numbers: Sequence[int], change: Callable[[Contact], Contact], now: int) -> Sequence[Outcome]:
        return change_contacts(ports.people(), tenant=tenant, numbers=numbers, change=change, now=now)

    changes: Mapping[str, Make[Contact]] = {
        "contacts.add_tags": lambda params, _: lambda contact: with_tags(contact, params["tags"]),
        "contacts.remove_tags": lambda params, _: lambda contact: without_tags(contact, params["tags"]),
        "contacts.assign": lambda params, _: lambda contact: with_assigned(contact, params["users"]),
        "contacts.unassign": lambda params, _: lambda contact: without_assigned(contact, params["users"]),
        "contacts.unassign_all": lambda _params, _: unassigned,
        "contacts.set_owner": lambda params, _: lambda contact: replace(contact, owner=params["owner"]),
        "contacts.set_company": lambda params, _: lambda contact: replace(contact, company_number=params["company"]),
        "contacts.set_opportunity": lambda params, _: (
            lambda contact: replace(contact, opportunity=params["opportunity"])
        ),
        "contacts.modify": lambda params, now: lambda contact: with_values(contact, params["values"], now),
    }
    actions = {name: Action(changing(apply, make)) for name, make in changes.items()}
    return actions | {
        "contacts.delete": Action(lambda batch, targets, _now: _delete(ports.deleting(), batch, targets)),
        "contacts.add_to_sequence": Action(lambda batch, targets, now: _add(ports.adding(), batch, targets, now)),
        "contacts.finish": Action(
            lambda batch, targets, now: finish_all(ports.enrollments(), tenant=batch.tenant, contacts=targets, now=now)
        ),
        "contacts.pause": Action(
            lambda batch, targets, now: pause_all(ports.enrollments(), tenant=batch.tenant, contacts=targets, now=now)
        ),
    }


def _delete(ports: DeletePorts, batch: Batch, targets: Sequence[int]) -> list[Outcome]:
    """Who is gone by now is done too: it may have been this very chunk, before its acknowledgement got lost."""
    delete_contacts(ports, tenant=batch.tenant, numbers=targets)
    return [DONE] * len(targets)


def _add(ports: AddPorts, batch: Batch, targets: Sequence[int], now: int) -> Sequence[Outcome]:
    """What was good when the batch began may be gone by now: then nobody is added, and every item says so."""
    try:
        sequence = get_sequence(ports.sequences, tenant=batch.tenant, number=batch.params["sequence"])
        return add_to_sequence(
            ports,
            tenant=batch.tenant,
            sequence=sequence,
            ruleset=ruleset_of(ports.rulesets, sequence),
            sender=find_sender(ports.sequences, tenant=batch.tenant, number=batch.params["sender"]),
            contacts=targets,
            tag=batch.tag,
            now=now,
        )
    except NotFound as gone:
        return [Outcome(f"{gone.kind.upper()}_GONE", f"The {gone.kind} is gone.")] * len(targets)
    except ValidationFailed as refusal:
        return [Outcome(REFUSED, refusal.message)] * len(targets)
