"""Bugs put into the batch engine for a test: each is what a design can get wrong."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.batch_items import chunk_item
from drumbeat.adapters.dynamodb.batches import BatchStore
from drumbeat.adapters.dynamodb.updates import Update
from drumbeat.application import batch_resolve, batch_run
from drumbeat.domain.batch import BatchState, ChunkState
from tests.simulation import batch_world

type Patch = Any
type Bug = Callable[[], list[Patch]]


def _attributes(batch: Any, chunk: Any) -> dict[str, Any]:
    return {name: value for name, value in chunk_item(batch, chunk).items() if name not in {"PK", "SK"}}


def _settled_whatever_the_chunk() -> list[Patch]:
    """A chunk that comes twice moves the counters twice."""
    right = BatchStore.settle

    def settle(self: BatchStore, batch: Any, chunk: Any, *, now: int) -> bool:
        return right(self, batch, chunk, now=now) or self.table.commits([self._count(batch, chunk, now)])

    return [patch.object(BatchStore, "settle", settle)]


def _counted_apart() -> list[Patch]:
    """The chunk first, then the counters: whoever dies in between has not counted."""

    def settle(self: BatchStore, batch: Any, chunk: Any, *, now: int) -> bool:
        key = keys.chunk(batch.tenant, batch.number, chunk.first)
        expected = ChunkState.BEGUN if chunk.state is ChunkState.DONE else ChunkState.PENDING
        if not self.table.commits([self._write(key, Update(_attributes(batch, chunk), where={"state": expected}))]):
            return False
        return self.table.commits([self._count(batch, chunk, now)])

    return [patch.object(BatchStore, "settle", settle)]


def _search_not_fenced() -> list[Patch]:
    """Of two searches both write what they found."""
    names = ("state", "after", "total", "chunks", "updated_at", "started_at", "finished_at")

    def resolve(self: BatchStore, old: Any, new: Any, chunks: Any) -> bool:
        row = self._write(keys.batch(old.tenant, old.number), Update({name: getattr(new, name) for name in names}))
        return self.table.commits([row, *(self.table.put_write(chunk_item(new, chunk)) for chunk in chunks)])

    return [patch.object(BatchStore, "resolve", resolve)]


def _place_before_chunks() -> list[Patch]:
    """How far the search is gets written first: whoever dies then has lost what was found."""
    right = BatchStore.resolve

    def resolve(self: BatchStore, old: Any, new: Any, chunks: Any) -> bool:
        if not right(self, old, new, []):
            return False
        return (
            self.table.commits([self.table.put_write(chunk_item(new, chunk)) for chunk in chunks]) if chunks else True
        )

    return [patch.object(BatchStore, "resolve", resolve)]


def _never_begun() -> list[Patch]:
    """Nobody marks what is being run: a cancel calls it canceled."""

    def settle(self: BatchStore, batch: Any, chunk: Any, *, now: int) -> bool:
        key = keys.chunk(batch.tenant, batch.number, chunk.first)
        done = self._write(key, Update(_attributes(batch, chunk), where={"state": ChunkState.PENDING}))
        return self.table.commits([done, self._count(batch, chunk, now)])

    return [patch.object(BatchStore, "begin", lambda *_: True), patch.object(BatchStore, "settle", settle)]


def _cancel_overlooked() -> list[Patch]:
    """Chunks of a canceled batch are run."""
    right = batch_run._settle

    def settle(batches: Any, action: Any, batch: Any, *rest: Any) -> None:
        right(batches, action, replace(batch, state=BatchState.RUNNING), *rest)

    return [patch.object(batch_run, "_settle", settle)]


def _end_forgotten() -> list[Patch]:
    """The worker that settles the last chunk dies before it says so, and nobody looks again."""
    return [patch.object(batch_world, "sweep_batches", lambda *_, **__: None)]


def _buried_nowhere() -> list[Patch]:
    """Nobody reads the dead letters."""
    return [patch.object(batch_world, "bury_batch_work", lambda *_, **__: None)]


def _closed_early() -> list[Patch]:
    """The end is read, then written whatever has changed."""
    right = batch_run.close_if_settled

    def close(batches: Any, *, tenant: int, number: int, now: int) -> None:
        batch = batches.get(tenant, number)
        if batch is not None and batch.state is BatchState.RUNNING and batch.chunks_settled + 1 >= batch.chunks:
            batches._change(batch, Update({"state": BatchState.FINISHED, "finished_at": now, "qpk": None, "qsk": None}))
            return
        right(batches, tenant=tenant, number=number, now=now)

    return [patch.object(batch_run, "close_if_settled", close)]


def _missing_forgotten() -> list[Patch]:
    """What is not there is left out instead of answered."""
    right = batch_resolve._look

    def look(*args: Any) -> Iterator[Any]:
        for looked in right(*args):
            kept = tuple(target for target in looked.targets if target not in looked.missing)
            yield looked._replace(targets=kept, missing=frozenset())

    return [patch.object(batch_resolve, "_look", look)]


BUGS: Mapping[str, Bug] = {
    "a chunk that comes twice counts twice": _settled_whatever_the_chunk,
    "counters move beside the chunk": _counted_apart,
    "searches are not fenced": _search_not_fenced,
    "the place is written before what was found": _place_before_chunks,
    "what is at work is canceled": _never_begun,
    "a cancel is overlooked": _cancel_overlooked,
    "nobody sweeps": _end_forgotten,
    "nobody reads dead letters": _buried_nowhere,
    "a batch ends before its last chunk": _closed_early,
    "what is not there is left out": _missing_forgotten,
}


@contextmanager
def seeded(name: str) -> Iterator[None]:
    """The bug of this name is in the code."""
    with ExitStack() as stack:
        for one in BUGS[name]():
            stack.enter_context(one)
        yield
