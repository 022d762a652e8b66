"""A relinking of any size: rows handed in call by call, run a hundred at a time in their order by the batch engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from drumbeat.application.batch_actions import Action, Actions
from drumbeat.application.batch_messages import resolve_message
from drumbeat.application.batch_rows import arguments_of, cut_rows
from drumbeat.application.batches import get_batch
from drumbeat.application.relink import RelinkPorts, relink_enrollments
from drumbeat.application.sequences import get_sequence
from drumbeat.domain.batch import DONE, Batch, BatchState, Chunk, Outcome, Target, TargetKind
from drumbeat.domain.errors import BatchOver, NotFound, StoreBusy
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.reach import Reach
from drumbeat.domain.relink_row import RelinkCode, Relinked, Result, Row

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches, BatchPorts
    from drumbeat.application.ports import Sequences

RELINK = "enrollments.relink"
MOST_ROWS_A_CALL = 5_000
_TRIES = 5
_NO_SEQUENCE = Outcome(RelinkCode.NOT_FOUND.value, "There is no such sequence.")


class NamedRow(NamedTuple):
    """A row, and what the caller calls its enrollment."""

    name: str
    row: Row


def relink_to_add_to(
    ports: BatchPorts,
    sequences: Sequences,
    *,
    tenant: int,
    sequence_number: int,
    batch_number: int | None,
    retry_now: bool,
    intent: str | None,
    now: int,
) -> Batch:
    """The relinking of the sequence with this number; without one a new batch, open for rows, one for each intent.

    Raises NotFound for either, also for a batch of another kind.
    """
    if batch_number is not None:
        found = get_batch(ports.batches, tenant=tenant, number=batch_number)
        if found.action != RELINK or found.params["sequence"] != sequence_number:
            raise NotFound("batch", batch_number)
        return found
    get_sequence(sequences, tenant=tenant, number=sequence_number)
    number = ports.numbers.take(tenant, Kind.BATCH)
    batch = Batch(
        tenant=tenant,
        number=number,
        action=RELINK,
        params={"sequence": sequence_number, "retry_now": retry_now},
        target=Target(TargetKind.ROWS),
        tag=f"b{number}",
        created_at=now,
        updated_at=now,
        stops=False,
        is_open=True,
    )
    made = ports.batches.create(batch, ids=[], intent=intent, now=now)
    return batch if made == number else get_batch(ports.batches, tenant=tenant, number=made)


def add_rows(
    ports: BatchPorts, batch: Batch, rows: Sequence[NamedRow], *, more: bool, intent: str | None, now: int
) -> Batch:
    """Puts rows behind those that the batch has, once for each intent; it begins unless there are `more` to come.

    Raises BatchOver for one that takes no more, and StoreBusy.
    """
    once = None if intent is None else f"{intent}.rows"
    for _ in range(_TRIES):
        grown, chunks = _grown(batch, rows, more, now)
        if (_takes_more(batch) or once) and ports.batches.append(batch, grown, chunks, intent=once, now=now):
            if not more:
                ports.queue.put(resolve_message(batch.tenant, batch.number))
            return get_batch(ports.batches, tenant=batch.tenant, number=batch.number)
        batch = get_batch(ports.batches, tenant=batch.tenant, number=batch.number)
        if not _takes_more(batch):
            raise BatchOver("The batch takes no more rows.", state=batch.state)
    raise StoreBusy("Others keep adding to the batch. Try again.")


def _takes_more(batch: Batch) -> bool:
    return batch.is_open and batch.state is BatchState.RESOLVING


def _grown(batch: Batch, rows: Sequence[NamedRow], more: bool, now: int) -> tuple[Batch, list[Chunk]]:
    chunks = list(cut_rows(batch.total, [_argument(row) for row in rows]))
    total = batch.total + len(rows)
    return replace(batch, total=total, chunks=batch.chunks + len(chunks), is_open=more, updated_at=now), chunks


def _argument(named: NamedRow) -> dict[str, Any]:
    row = named.row
    key = None if row.key is None else [row.key.sequence, row.key.contact, row.key.run]
    given = {"key": key, "changes": row.changes, "problem": row.problem}
    return {"name": named.name} | {name: value for name, value in given.items() if value}


def _row(argument: Mapping[str, Any]) -> Row:
    key = EnrollmentKey(*argument["key"]) if "key" in argument else None
    return Row(key, argument.get("changes", {}), argument.get("problem"))


def relink_actions(ports: Callable[[], RelinkPorts], batches: Callable[[], Batches]) -> Actions:
    """The batch engine's action: ordered, so that rows are applied one by one however many chunks they are."""
    return {RELINK: Action(lambda batch, targets, now: _Run(ports(), batches()).run(batch, targets, now), ordered=True)}


@dataclass(frozen=True, slots=True)
class _Run:
    ports: RelinkPorts
    batches: Batches

    def run(self, batch: Batch, targets: Sequence[int], now: int) -> list[Outcome]:
        """Relinks the rows and tells what became of each, in order. A chunk that comes again hurries nothing twice."""
        try:
            done = relink_enrollments(
                self.ports,
                tenant=batch.tenant,
                sequence_number=batch.params["sequence"],
                rows=self._rows(batch, targets),
                retry_now=batch.params["retry_now"],
                reach=Reach(),
                now=now,
                asked_at=batch.started_at,
            )
        except NotFound:
            return [_NO_SEQUENCE] * len(targets)
        return [_outcome(result) for result in done.results]

    def _rows(self, batch: Batch, targets: Sequence[int]) -> list[Row]:
        return [_row(argument) for argument in arguments_of(self.batches, batch, targets)]


def _outcome(result: Result) -> Outcome:
    return DONE if isinstance(result, Relinked) else Outcome(result.code.value, result.text)
