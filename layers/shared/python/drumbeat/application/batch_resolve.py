"""Finding a batch's targets and cutting them into chunks, for as long as time lasts, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import batched
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.batch_messages import resolve_message, start_message
from drumbeat.domain.batch import CHUNK, MOST_ITEMS, Batch, BatchState, Chunk

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import BatchRunPorts
    from drumbeat.application.ports import OutOfTime

_PAGES_TOGETHER = 80
_TARGETS_TOGETHER = 8_000
"""What is written together is one transaction: with pages of 1,000 that is 91 chunks and the batch, of 100 it takes."""


class _Looked(NamedTuple):
    """Targets that were found, those that do not exist, and how far the search is then."""

    targets: tuple[int, ...]
    missing: frozenset[int]
    after: int


def resolve_batch(ports: BatchRunPorts, *, tenant: int, number: int, out_of_time: OutOfTime, now: int) -> None:
    """Takes the search for a batch's targets on; when all are known, the batch starts or waits for confirmation.

    One that is open for more is left alone.

    Of two searches for one batch one comes through. Raises OverflowError beyond 16,777,216 items.
    """
    batch = ports.batches.get(tenant, number)
    if batch is not None and batch.state is BatchState.RESOLVING and not batch.is_open:
        batch = _resolve(ports, batch, out_of_time, now)
    if batch is None or batch.is_open:
        return
    if batch.state is BatchState.RESOLVING:
        ports.queue.put(resolve_message(tenant, number))
    elif batch.state is BatchState.RUNNING:
        ports.queue.put(start_message(tenant, number))


def _resolve(ports: BatchRunPorts, batch: Batch, out_of_time: OutOfTime, now: int) -> Batch | None:
    """The batch as it then is; None if somebody else has moved it."""
    together: list[_Looked] = []
    for looked in _look(ports, batch):
        together.append(looked)
        late = out_of_time()
        if late or len(together) == _PAGES_TOGETHER or sum(len(page.targets) for page in together) >= _TARGETS_TOGETHER:
            moved = _written(ports, batch, together, now)
            if moved is None or late:
                return moved
            batch, together = moved, []
    return _written(ports, batch, together, now, all_known=True)


def _look(ports: BatchRunPorts, batch: Batch) -> Iterator[_Looked]:
    pool = ports.pools[batch.target.kind]
    if not batch.target.listed:
        for page in pool.pages(batch, after=batch.after):
            yield _Looked(tuple(page.found), frozenset(), page.upto)
        return
    after = batch.after
    for ids in ports.batches.listed(batch, after=after):
        for numbers in batched(ids, CHUNK, strict=False):
            there = pool.look(batch, numbers)
            after += len(numbers)
            yield _Looked(
                tuple(number for number in numbers if there.get(number, True)),
                frozenset(number for number in numbers if number not in there),
                after,
            )


def _written(
    ports: BatchRunPorts, batch: Batch, together: list[_Looked], now: int, *, all_known: bool = False
) -> Batch | None:
    chunks = list(_cut(batch, together, whole_pages=ports.actions[batch.action].ordered))
    total = chunks[-1].behind if chunks else batch.total
    if total > MOST_ITEMS:
        raise OverflowError(f"a batch of more than {MOST_ITEMS} items")
    moved = replace(
        batch,
        after=together[-1].after if together else batch.after,
        total=total,
        chunks=batch.chunks + len(chunks),
        updated_at=now,
    )
    if all_known:
        moved = _all_known(moved, now)
    return moved if ports.batches.resolve(batch, moved, chunks) else None


def _all_known(batch: Batch, now: int) -> Batch:
    """Nobody is asked to confirm nothing."""
    if batch.total == 0:
        return replace(batch, state=BatchState.FINISHED, started_at=now, finished_at=now)
    if batch.stops:
        return replace(batch, state=BatchState.CONFIRMING)
    return replace(batch, state=BatchState.RUNNING, started_at=now)


def _cut(batch: Batch, together: list[_Looked], *, whole_pages: bool) -> Iterator[Chunk]:
    """What follows the chunks that the batch has."""
    missing = frozenset().union(*(looked.missing for looked in together))
    pages = [looked.targets for looked in together if looked.targets]
    if not whole_pages:
        pages = list(batched((target for page in pages for target in page), CHUNK, strict=False))
    first = batch.total
    for targets in pages:
        yield Chunk(first, targets, frozenset(place for place, target in enumerate(targets) if target in missing))
        first += len(targets)
