"""Running a batch: a message for every chunk, an outcome for every item, and the end decided once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.application.batch_actions import Action
from drumbeat.application.batch_messages import chunk_message, start_message
from drumbeat.domain.batch import NO_SUCH_TARGET, Batch, BatchState, Chunk, ChunkState, Outcome

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches, BatchRunPorts
    from drumbeat.application.ports import OutOfTime

type Run = Callable[[Action, Batch, Sequence[int], int], Sequence[Outcome]]
"""How an action is done to targets."""

_MESSAGES_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class ChunkRun:
    """What to tell of a chunk: how many items it has, and the milliseconds since its batch was started."""

    items: int
    age: int


def together(action: Action, batch: Batch, targets: Sequence[int], now: int) -> Sequence[Outcome]:
    """Does it to all targets at once, as chunks are meant to be run."""
    return action.run(batch, targets, now)


def start_chunks(
    ports: BatchRunPorts, *, tenant: int, number: int, first: int, out_of_time: OutOfTime, now: int
) -> None:
    """Sends a message for every chunk that is not settled, beginning with the one that holds item `first`.

    Of an ordered batch only the next one gets its message. Said again, it does no harm.
    """
    batch = ports.batches.get(tenant, number)
    if batch is None or not _has_started(batch):
        return
    waiting: list[Chunk] = []
    for chunk in ports.batches.chunks(batch, first=first):
        if chunk.state.settled:
            continue
        waiting.append(chunk)
        if ports.actions[batch.action].ordered:
            break
        if len(waiting) == _MESSAGES_TOGETHER:
            _send(ports, batch, waiting)
            if out_of_time():
                ports.queue.put(start_message(tenant, number, first=chunk.behind))
                return
            waiting = []
    _send(ports, batch, waiting)
    if batch.settled:
        close_if_settled(ports.batches, tenant=tenant, number=number, now=now)


def _send(ports: BatchRunPorts, batch: Batch, chunks: Sequence[Chunk]) -> None:
    ports.queue.put(*(chunk_message(batch.tenant, batch.number, chunk.first) for chunk in chunks))


def _has_started(batch: Batch) -> bool:
    """Whether there may be chunks to be run, or to be marked as canceled."""
    return batch.started_at is not None and batch.state in {BatchState.RUNNING, BatchState.CANCELED}


def run_chunk(
    ports: BatchRunPorts, *, tenant: int, number: int, first: int, now: int, run: Run = together
) -> ChunkRun | None:
    """Brings one chunk to its end and writes down what became of its items; then the batch goes on.

    A chunk that is settled stays as it is. One that has not begun is canceled where the batch is, unless its action
    goes to the end. Returns None where there is no such chunk, or it is not its turn.
    """
    found = ports.batches.with_chunk(tenant, number, first)
    if found is None:
        return None
    batch, chunk = found
    action = ports.actions[batch.action]
    if not chunk.state.settled:
        if action.ordered and batch.processed + batch.canceled != chunk.first:
            return None  # not its turn: the one before it sends its message again
        _settle(ports.batches, action, batch, chunk, now, run)
    if action.ordered:
        _send_next(ports, chunk.behind, batch)
    close_if_settled(ports.batches, tenant=tenant, number=number, now=now)
    return ChunkRun(len(chunk.targets), now - (batch.started_at or now))


def _settle(batches: Batches, action: Action, batch: Batch, chunk: Chunk, now: int, run: Run) -> None:
    if chunk.state is ChunkState.PENDING:
        if batch.state is not BatchState.RUNNING and not action.to_the_end:
            batches.settle(batch, replace(chunk, state=ChunkState.CANCELED), now=now)
            return
        if not batches.begin(batch, chunk):
            return
    outcomes = _outcomes(action, batch, chunk, now, run)
    batches.settle(batch, replace(chunk, state=ChunkState.DONE, outcomes=outcomes), now=now)


def _outcomes(action: Action, batch: Batch, chunk: Chunk, now: int, run: Run) -> tuple[Outcome, ...]:
    there = [target for place, target in enumerate(chunk.targets) if place not in chunk.missing]
    done = list(run(action, batch, there, now)) if there else []
    if len(done) != len(there):
        raise RuntimeError(f"{batch.action} told {len(done)} outcomes of {len(there)} items")
    told = iter(done)
    return tuple(NO_SUCH_TARGET if place in chunk.missing else next(told) for place in range(len(chunk.targets)))


def _send_next(ports: BatchRunPorts, behind: int, batch: Batch) -> None:
    """Of an ordered batch: the chunk that follows, if it is its turn."""
    now_there = ports.batches.get(batch.tenant, batch.number)
    if now_there is not None and now_there.processed + now_there.canceled == behind < now_there.total:
        ports.queue.put(chunk_message(batch.tenant, batch.number, behind))


def close_if_settled(batches: Batches, *, tenant: int, number: int, now: int) -> None:
    """Ends a batch whose chunks are all settled. Decided once, however many ask."""
    batch = batches.get(tenant, number)
    if batch is None or not batch.settled or not _has_started(batch):
        return
    if not batches.close(batch, now=now):
        close_if_settled(batches, tenant=tenant, number=number, now=now)  # it was canceled or closed meanwhile
