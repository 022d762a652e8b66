"""All that an enrollment's next mail depends on, in three requests that change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest, contact_of
from drumbeat.adapters.dynamodb.enrollment_items import queue_place
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.adapters.dynamodb.sequence_items import sender_of, sequence_of
from drumbeat.application.explain_enrollment import Surroundings
from drumbeat.domain.resolution import senders_for

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.sequence import Sequence


@dataclass(frozen=True, slots=True)
class CircumstanceStore:
    """Looks around for one enrollment."""

    table: Table

    def around(self, enrollment: Enrollment) -> Surroundings:
        """Sequence and contact, then the suppression and whoever may send: two consistent reads of several items."""
        tenant, key = enrollment.tenant, enrollment.key
        wanted = keys.sequence(tenant, key.sequence), keys.contact(tenant, enrollment.contact or 0)
        sequence_item, contact_item = map(self.table.get_many(wanted).get, wanted)
        sequence = None if sequence_item is None else sequence_of(sequence_item)
        contact = None if contact_item is None else contact_of(contact_item)
        return self._crew(enrollment, sequence, contact)

    def _crew(self, enrollment: Enrollment, sequence: Sequence | None, contact: Contact | None) -> Surroundings:
        tenant = enrollment.tenant
        numbers = () if sequence is None else senders_for(enrollment, sequence)
        senders = [keys.sender(tenant, number) for number in numbers]
        crew = sequence.every_sender if sequence is not None and sequence.daily_cap is not None else numbers
        lanes = [keys.lane(tenant, number) for number in crew]
        addresses = () if contact is None else contact.addresses
        marks = [keys.suppression(tenant, address_digest(address)) for address in addresses]
        found = self.table.get_many([*senders, *lanes, *marks])
        return Surroundings(
            sequence=sequence,
            contact=contact,
            suppressed=any(mark in found for mark in marks),
            senders=tuple(sender_of(found[name]) for name in senders if name in found),
            lanes={number: lane_of(found[name]) for number, name in zip(crew, lanes, strict=True) if name in found},
        )

    def in_front(self, enrollment: Enrollment, most: int) -> int:
        """How many stand before it in its queue, at most `most`: one query of the index, which may lag behind."""
        place = queue_place(enrollment)
        rows = self.table.items(place["qpk"], index="queue", between=("0", place["qsk"]), limit=most)
        return sum(1 for row in islice(rows, most) if not _is(row, enrollment))


def _is(row: dict[str, Any], enrollment: Enrollment) -> bool:
    return (row["PK"], row["SK"]) == keys.enrollment(enrollment.tenant, enrollment.key)
