"""Items of batches, one batch after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from drumbeat.application.batches import batch_items
from drumbeat.domain.batch import Batch, Item, item_place

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches


def list_items(batches: Batches, *, tenant: int, of: Sequence[int] | None, after: int = 0) -> Iterator[Item]:
    """The items with numbers above `after`, in order of their numbers: of these batches, or of all the tenant's.

    Reads on only as far as it is consumed.
    """
    place, index = item_place(after)
    for batch in _batches(batches, tenant, of, place):
        yield from batch_items(batches, batch, first=index + 1 if batch.number == place else 0)


def _batches(batches: Batches, tenant: int, of: Sequence[int] | None, place: int) -> Iterator[Batch]:
    if of is None:
        yield from batches.of_tenant(tenant, after=max(place - 1, 0))
        return
    for number in sorted(set(of)):
        batch = batches.get(tenant, number) if number >= place else None
        if batch is not None:
            yield batch
