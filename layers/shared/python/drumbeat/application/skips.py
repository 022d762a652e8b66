"""Reading back whom enrol calls skipped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drumbeat.application.sequences import get_sequence
from drumbeat.domain.enroll_call import Skip

if TYPE_CHECKING:
    from drumbeat.application.ports import Contacts, Sequences, Skips


def list_skips(
    sequences: Sequences, skips: Skips, contacts: Contacts, *, tenant: int, sequence_number: int
) -> Iterator[Skip]:
    """The contacts that the sequence's last enrol calls skipped; of one that was deleted nothing is told.

    Raises NotFound.
    """
    get_sequence(sequences, tenant=tenant, number=sequence_number)
    return _skips(skips, contacts, tenant, sequence_number)


def _skips(skips: Skips, contacts: Contacts, tenant: int, sequence_number: int) -> Iterator[Skip]:
    for page in skips.pages(tenant, sequence_number):
        there = contacts.get_some(tenant, [row.contact for row in page])
        for row in page:
            if row.contact in there:
                yield Skip(row.contact, there[row.contact].email, row.kind, row.at)
