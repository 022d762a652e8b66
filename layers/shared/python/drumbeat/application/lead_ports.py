"""What use cases about leads need from the outside world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.reach import Reach
    from drumbeat.domain.sequence import Sender
    from drumbeat.domain.sequence import Sequence as Cadence


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look up in one sequence: enrollments, external ids, normalized addresses, senders by number."""

    sequence: int
    enrollments: Sequence[EnrollmentKey] = ()
    external_ids: Sequence[str] = ()
    addresses: Sequence[str] = ()
    senders: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What is there of it: `sequences` of all enrollments too, `people` and `barred` by `same_mailbox_key`.

    `enrollments` has who holds the external ids, too; those whose holders are gone are `dead`. `barred` addresses are
    suppressed, whoever has them.
    """

    sequences: Mapping[int, Cadence] = field(default_factory=dict)
    enrollments: Mapping[EnrollmentKey, Enrollment] = field(default_factory=dict)
    holders: Mapping[str, EnrollmentKey] = field(default_factory=dict)
    dead: Mapping[str, EnrollmentKey] = field(default_factory=dict)
    people: Mapping[str, Contact] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()
    senders: Mapping[int, Sender] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewLead:
    """An enrollment that shall come to be, with its contact if that is new, and what the tenant's app is told."""

    enrollment: Enrollment
    contact: Contact | None = None
    context: Mapping[str, Any] | None = None


class Leads(Protocol):
    """Keeps what is special about leads: external ids, each of which one enrollment of a sequence has, and contexts."""

    def look(self, tenant: int, wanted: Wanted) -> Found:
        """Everything wanted that is there, in as few reads as it takes."""
        ...

    def free(self, tenant: int, dead: Mapping[str, EnrollmentKey]) -> None:
        """Takes away the locks of holders that are gone."""
        ...

    def contexts(self, tenant: int, wanted: Sequence[EnrollmentKey]) -> Mapping[EnrollmentKey, Mapping[str, Any]]:
        """The contexts of these enrollments, of those that have one."""
        ...

    def insert(
        self, lead: NewLead, *, fence: int | None, program: int | None, unique: bool, wanted: Sequence[int]
    ) -> bool:
        """Writes everything about a lead together, while its fence (if not None) and the `wanted` senders are there.

        False if something is taken, or gone: nothing is written then.
        """
        ...


def may_serve(sender: Sender, sequence: Cadence, reach: Reach) -> bool:
    """Whether the caller may have it send the sequence's mails; a mailbox of one workspace serves none of another."""
    is_reached = reach.covers(workspace=sender.workspace, sender=sender.number)
    return sender.is_mailbox and is_reached and sender.workspace in {None, sequence.workspace}
