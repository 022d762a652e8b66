"""What batches need from the outside world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from drumbeat.application.batch_actions import Actions, Pools
    from drumbeat.application.ports import BatchQueue, Numbers
    from drumbeat.domain.batch import Batch, BatchState, Chunk


class OpenBatch(NamedTuple):
    """A batch that is not settled, as the sweeper finds it."""

    tenant: int
    number: int


class Batches(Protocol):
    """Keeps batches and their chunks. Every change is conditional: of two that race, one comes through."""

    def create(self, batch: Batch, *, ids: Sequence[int], intent: str | None, now: int) -> int:
        """Writes a fresh batch and its listed ids; returns the number under which this intent made it."""
        ...

    def add_settled(self, batch: Batch, chunks: Sequence[Chunk]) -> None:
        """Writes chunks that were done before the batch is created."""
        ...

    def get(self, tenant: int, number: int) -> Batch | None: ...

    def of_tenant(self, tenant: int, *, after: int = 0) -> Iterator[Batch]:
        """The tenant's batches behind number `after`, in number order; reads on only as far as it is consumed."""
        ...

    def listed(self, batch: Batch, *, after: int) -> Iterator[list[int]]:
        """The ids that the call listed, in its order, beginning behind the first `after` of them."""
        ...

    def resolve(self, old: Batch, new: Batch, chunks: Sequence[Chunk]) -> bool:
        """Writes chunks and how far the search is then, together, unless the batch is not as `old` any more."""
        ...

    def append(self, old: Batch, new: Batch, chunks: Sequence[Chunk], *, intent: str | None, now: int) -> bool:
        """Adds chunks to an open batch, once for each intent, unless it is not as `old` any more."""
        ...

    def move(self, batch: Batch, to: BatchState, *, now: int) -> bool:
        """Changes the state, unless it is not the one of `batch` any more, with the instants that go with it."""
        ...

    def with_chunk(self, tenant: int, number: int, first: int) -> tuple[Batch, Chunk] | None:
        """A batch and one of its chunks, in one request."""
        ...

    def chunks(self, batch: Batch, *, first: int = 0) -> Iterator[Chunk]:
        """The batch's chunks in order, beginning with the one that holds item `first`."""
        ...

    def begin(self, batch: Batch, chunk: Chunk) -> bool:
        """Marks a pending chunk as begun: from then on it is not canceled. False if it is neither pending nor begun."""
        ...

    def settle(self, batch: Batch, chunk: Chunk, *, now: int) -> bool:
        """Writes a chunk that is done or canceled and moves the batch's counters, together and once."""
        ...

    def close(self, batch: Batch, *, now: int) -> bool:
        """Marks a running batch whose chunks are settled as finished; one that is canceled is swept no more."""
        ...

    def open(self, *, until: int) -> Iterator[OpenBatch]:
        """The batches that want to be looked at up to the instant `until`."""
        ...

    def look_again(self, batch: Batch, *, at: int) -> None:
        """Puts the next look off."""
        ...


@dataclass(frozen=True, slots=True)
class BatchPorts:
    """What starting, confirming and canceling a batch touches."""

    batches: Batches
    numbers: Numbers
    queue: BatchQueue


@dataclass(frozen=True, slots=True)
class BatchRunPorts:
    """What running a batch touches."""

    batches: Batches
    queue: BatchQueue
    actions: Actions
    pools: Pools
