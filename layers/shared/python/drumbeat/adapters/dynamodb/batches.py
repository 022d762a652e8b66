"""Batches and their chunks: whatever moves a counter is one transaction with what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.batch_items import (
    IDS_PER_ITEM,
    batch_item,
    batch_of,
    chunk_item,
    chunk_of,
    failed,
    ids_items,
    order_item,
    packed_outcomes,
    spelled_arguments,
)
from drumbeat.adapters.dynamodb.creation import create_once, write_once
from drumbeat.adapters.dynamodb.statements import Statements
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table, TransactionRefused
from drumbeat.adapters.dynamodb.updates import Update
from drumbeat.application.batch_ports import OpenBatch
from drumbeat.domain.batch import MOST_ITEMS, OPEN_FOR, STALL, Batch, BatchState, Chunk, ChunkState, failures_by_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROWS_PER_LIST = 100
_AT_WORK = {BatchState.RESOLVING, BatchState.RUNNING}
_NO_LOOK: Final = {"qpk": None, "qsk": None}


@dataclass(frozen=True, slots=True)
class BatchStore:
    """Keeps batches. One that has work left stands in the queue index, so that none is forgotten."""

    table: Table

    def create(self, batch: Batch, *, ids: Sequence[int], intent: str | None, now: int) -> int:
        """Writes a fresh batch and its listed ids; returns the number under which this intent made it."""
        items = [*fresh_items(batch, now), *ids_items(batch, ids)]
        return create_once(self.table, batch.tenant, batch.number, items, intent=intent, now=now)

    def add_settled(self, batch: Batch, chunks: Sequence[Chunk]) -> None:
        """Writes chunks that were done before the batch is created."""
        Statements(self.table).insert([chunk_item(batch, chunk) for chunk in chunks])

    def get(self, tenant: int, number: int) -> Batch | None:
        """The batch, or None."""
        row, order = keys.batch(tenant, number), keys.batch_order(tenant, number)
        found = self.table.get_many([row, order])
        return batch_of(found[row], found[order]) if row in found else None

    def of_tenant(self, tenant: int, *, after: int = 0) -> Iterator[Batch]:
        """The tenant's batches behind number `after`, in number order; reads on only as far as it is consumed."""
        behind = keys.batch(tenant, after)[1]
        for page in self.table.pages(keys.batches(tenant), after=behind, limit=_ROWS_PER_LIST):
            orders = self.table.get_many([keys.batch_order(tenant, row["number"]) for row in page])
            for row in page:
                yield batch_of(row, orders[keys.batch_order(tenant, row["number"])])

    def listed(self, batch: Batch, *, after: int) -> Iterator[list[int]]:
        """The ids that the call listed, in its order, beginning behind the first `after` of them."""
        partition, begin = keys.batch_ids(batch.tenant, batch.number, after - after % IDS_PER_ITEM)
        _, end = keys.batch_ids(batch.tenant, batch.number, MOST_ITEMS)
        before = after % IDS_PER_ITEM
        for item in self.table.items(partition, between=(begin, end)):
            yield item["ids"][before:]
            before = 0

    def resolve(self, old: Batch, new: Batch, chunks: Sequence[Chunk]) -> bool:
        """Writes up to 99 chunks and how far the search is then, together, unless it is not as in `old` any more."""
        names = ("state", "after", "total", "chunks", "updated_at")
        changes = {name: getattr(new, name) for name in names}
        stamps = {"started_at": new.started_at, "finished_at": new.finished_at}
        changes |= {name: at for name, at in stamps.items() if at is not None}
        if new.state not in _AT_WORK:
            changes |= _NO_LOOK
        where = {"state": old.state, "after": old.after, "chunks": old.chunks}
        row = self._write(keys.batch(old.tenant, old.number), Update(changes, where=where))
        return self.table.commits([row, *(self.table.put_write(chunk_item(new, chunk)) for chunk in chunks)])

    def append(self, old: Batch, new: Batch, chunks: Sequence[Chunk], *, intent: str | None, now: int) -> bool:
        """Adds chunks to an open batch, which may be closed with it, unless it is not as in `old` any more.

        The same intent adds them once. What is closed is looked at soon, what stays open when its time is up.
        """
        look_at = now + (OPEN_FOR if new.is_open else STALL)
        names = ("total", "chunks", "updated_at")
        changes = {name: getattr(new, name) for name in names} | {"is_open": new.is_open or None} | _look(new, look_at)
        where = {"state": BatchState.RESOLVING, "is_open": True, "total": old.total, "chunks": old.chunks}
        row = self._write(keys.batch(old.tenant, old.number), Update(changes, where=where))
        writes = [row, *(self.table.put_write(chunk_item(new, chunk)) for chunk in chunks)]
        try:
            write_once(self.table, old.tenant, old.number, writes, intent=intent, now=now)
        except TransactionRefused:
            return False
        return True

    def move(self, batch: Batch, to: BatchState, *, now: int) -> bool:
        """Changes the state, unless it is not the one of `batch` any more, with the instants that go with it."""
        changes: dict[str, Any] = {"state": to, "updated_at": now}
        match to:
            case BatchState.RUNNING:
                changes |= {"confirmed_at": now, "started_at": now} | _look(batch, now + STALL)
            case BatchState.CANCELED:
                changes |= {"canceled_at": now}
            case _:
                changes |= {"finished_at": now}
        if not to.over or batch.started_at is not None:
            return self._change(batch, Update(changes, where={"state": batch.state}))
        return self._change(batch, Update(changes | _NO_LOOK, {"canceled": "total"}, where={"state": batch.state}))

    def with_chunk(self, tenant: int, number: int, first: int) -> tuple[Batch, Chunk] | None:
        """A batch and one of its chunks, in one request."""
        row, order = keys.batch(tenant, number), keys.batch_order(tenant, number)
        chunk = keys.chunk(tenant, number, first)
        found = self.table.get_many([row, order, chunk])
        return (batch_of(found[row], found[order]), chunk_of(found[chunk])) if len(found) == 3 else None

    def chunks(self, batch: Batch, *, first: int = 0) -> Iterator[Chunk]:
        """The batch's chunks in order, beginning with the one that holds item `first`."""
        partition, begin = keys.chunk(batch.tenant, batch.number, 0)
        wanted = keys.chunk_sort(min(first, MOST_ITEMS))
        if first:
            pages = self.table.pages(partition, between=(begin, wanted), newest_first=True, limit=1)
            begin = next((row["SK"] for row in next(pages)), begin)
        for item in self.table.items(partition, between=(begin, keys.chunk_sort(MOST_ITEMS))):
            yield chunk_of(item)

    def begin(self, batch: Batch, chunk: Chunk) -> bool:
        """Marks a pending chunk as begun: from then on it is not canceled. False if it is settled."""
        try:
            self.table.update(
                keys.chunk(batch.tenant, batch.number, chunk.first),
                "SET #state = :begun",
                condition="#state = :pending OR #state = :begun",
                names={"#state": "state"},
                values={":begun": ChunkState.BEGUN.value, ":pending": ChunkState.PENDING.value},
            )
        except ConditionFailed:
            return False
        return True

    def settle(self, batch: Batch, chunk: Chunk, *, now: int) -> bool:
        """Writes a chunk that is done or canceled and moves the batch's counters, together and once.

        A chunk is done only after it was begun, and canceled only if it was not. Of arguments only the names are kept,
        as nobody asks for the rest any more. False if it is settled already.
        """
        done = chunk.state is ChunkState.DONE
        expected = ChunkState.BEGUN if done else ChunkState.PENDING
        changes: dict[str, Any] = {"state": chunk.state.value} | packed_outcomes(chunk.outcomes)
        if chunk.arguments:
            changes["arguments"] = spelled_arguments([{"name": one["name"]} for one in chunk.arguments])
        key = keys.chunk(batch.tenant, batch.number, chunk.first)
        return self.table.commits(
            [self._write(key, Update(changes, where={"state": expected})), self._count(batch, chunk, now)]
        )

    def _count(self, batch: Batch, chunk: Chunk, now: int) -> dict[str, Any]:
        items, codes = len(chunk.targets), failures_by_code(chunk.outcomes)
        moved = {"chunks_settled": 1, "canceled": items}
        if chunk.state is ChunkState.DONE:
            moved = {"chunks_settled": 1, "processed": items, "failures": sum(codes.values())}
            moved |= {failed(code): count for code, count in codes.items()}
        return self._write(keys.batch(batch.tenant, batch.number), Update({"updated_at": now}, adds=moved))

    def close(self, batch: Batch, *, now: int) -> bool:
        """Marks a running batch whose chunks are settled as finished; one that is canceled is not looked at again."""
        changes: dict[str, Any] = {"updated_at": now} | _NO_LOOK
        if batch.state is BatchState.RUNNING:
            changes |= {"state": BatchState.FINISHED, "finished_at": now}
        where = {"state": batch.state, "chunks_settled": batch.chunks}
        return self._change(batch, Update(changes, where=where))

    def open(self, *, until: int) -> Iterator[OpenBatch]:
        """The batches that want to be looked at up to the instant `until`."""
        for row in self.table.items(keys.open_batches(), index="queue", between=("0", keys.wakes_until(until))):
            yield OpenBatch(*map(int, row["qsk"].split("#")[1:]))

    def look_again(self, batch: Batch, *, at: int) -> None:
        """Puts the next look off, unless the batch has moved on to a state in which nobody has to look."""
        self._change(batch, Update(_look(batch, at), where={"state": batch.state}))

    def _change(self, batch: Batch, update: Update) -> bool:
        """Changes the batch's row; a change whose acknowledgement got lost is known again when it is repeated."""
        key = keys.batch(batch.tenant, batch.number)
        try:
            self.table.update(
                key, update.expression, condition=update.condition, names=update.names, values=update.values
            )
        except ConditionFailed as refusal:
            there = refusal.item or {}
            return all(there.get(name) == value for name, value in update.sets.items())
        return True

    def _write(self, key: keys.Key, update: Update) -> dict[str, Any]:
        return self.table.update_write(
            key, update.expression, condition=update.condition, names=update.names, values=update.values
        )


def fresh_items(batch: Batch, now: int) -> list[dict[str, Any]]:
    """What a batch begins as, apart from its chunks: its counters, looked at soon, and its order."""
    return [batch_item(batch) | _look(batch, now + STALL), order_item(batch)]


def _look(batch: Batch, at: int) -> dict[str, Any]:
    """Attributes that put the batch among those that somebody looks at."""
    return {"qpk": keys.open_batches(), "qsk": keys.open_batch_sort(at, batch.tenant, batch.number)}
