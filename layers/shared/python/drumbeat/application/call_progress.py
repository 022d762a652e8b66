"""How far an accepted call is: what became of each of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.application.batches import get_batch
from drumbeat.application.call_rows import REJECTED, SCHEDULE, problem_of
from drumbeat.domain.batch import Batch, Chunk, ChunkState
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, enrollment_key

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches
    from drumbeat.application.ports import Enrollments
    from drumbeat.domain.enrollment import Enrollment


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: its index, its phone number as given, and why."""

    index: int
    phone: str
    text: str


class RowState(StrEnum):
    """Where a row is. One has `FAILED` where something went wrong on our side again and again."""

    PENDING = "pending"
    MADE = "made"
    REJECTED = "rejected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RowProgress:
    """A row, with its enrollment once that is made; `text` says why it is rejected or failed."""

    index: int
    phone: str
    state: RowState
    key: EnrollmentKey | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CallProgress:
    """A batch of calls, its rows in their order, and the enrollments that are there."""

    batch: Batch
    rows: list[RowProgress]
    enrollments: Mapping[EnrollmentKey, Enrollment]


def get_progress(batches: Batches, enrollments: Enrollments, *, tenant: int, number: int) -> CallProgress:
    """How far the call is. Raises NotFound, also for a batch of another kind."""
    batch = get_batch(batches, tenant=tenant, number=number)
    if batch.action != SCHEDULE:
        raise NotFound("batch", number)
    rows = list(_rows(batches, batch))
    found = enrollments.existing(tenant, [row.key for row in rows if row.key is not None])
    return CallProgress(batch, rows, found)


def rejected_rows(batches: Batches, batch: Batch) -> Iterator[Rejected]:
    """The rows that were not taken, in their order."""
    for row in _rows(batches, batch):
        if row.state is RowState.REJECTED:
            yield Rejected(row.index, row.phone, row.text or "")


def _rows(batches: Batches, batch: Batch) -> Iterator[RowProgress]:
    for chunk in batches.chunks(batch):
        read = _done if chunk.state is ChunkState.DONE else _open
        yield from (read(batch.tenant, chunk, place) for place in range(len(chunk.targets)))


def _open(_: int, chunk: Chunk, place: int) -> RowProgress:
    argument = chunk.arguments[place]
    problem = problem_of(argument)
    state = RowState.PENDING if problem is None else RowState.REJECTED
    return RowProgress(chunk.first + place, argument["name"], state, text=problem)


def _done(tenant: int, chunk: Chunk, place: int) -> RowProgress:
    """Of a chunk that is done, only the outcomes and the names of its rows are kept."""
    index, phone, (code, text) = chunk.first + place, chunk.arguments[place]["name"], chunk.outcomes[place]
    if code is None:
        return RowProgress(index, phone, RowState.MADE, enrollment_key(tenant, text or ""))
    return RowProgress(index, phone, RowState.REJECTED if code == REJECTED else RowState.FAILED, text=text)
