"""Batches of the prepared data, each brought to where it stands by the store's own moves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.domain.batch import Batch, BatchState, Chunk, ChunkState, Outcome, Target
from drumbeat.domain.times import DAY, HOUR
from tools.samples.prepared import TENANT


def fresh_batch(
    number: int, action: str, target: Target, now: int, *, params: Mapping[str, Any], count_required: bool = False
) -> Batch:
    """A batch that was asked for an hour ago; its targets are not looked for yet."""
    began = now - HOUR
    made = Batch(TENANT, number, action, params, target, f"b{number}", began, began)
    return replace(made, count_required=count_required)


def keep_confirming(batch: Batch, chunk: Chunk, now: int) -> None:
    """Keeps a batch that waits for somebody's yes."""
    bootstrap.batches().create(batch, ids=chunk.targets, intent=None, now=now)
    found = replace(batch, state=BatchState.CONFIRMING, total=len(chunk.targets), chunks=1)
    bootstrap.batches().resolve(batch, found, [chunk])


def keep_running(batch: Batch, chunk: Chunk, now: int) -> Batch:
    """Keeps a batch that runs and of which nothing is done yet; no timer looks at it for a week."""
    at_work = replace(
        batch, state=BatchState.RUNNING, stops=False, total=len(chunk.targets), chunks=1, started_at=batch.created_at
    )
    bootstrap.batches().add_settled(at_work, [chunk])
    bootstrap.batches().create(at_work, ids=chunk.targets if batch.target.listed else (), intent=None, now=now)
    bootstrap.batches().look_again(at_work, at=now + 7 * DAY)
    return at_work


def keep_finished(batch: Batch, chunk: Chunk, outcomes: Sequence[Outcome], now: int) -> None:
    """Keeps a batch whose only chunk is done."""
    at_work = keep_running(batch, chunk, now)
    bootstrap.batches().begin(at_work, chunk)
    done = replace(chunk, state=ChunkState.DONE, outcomes=tuple(outcomes))
    bootstrap.batches().settle(at_work, done, now=now)
    bootstrap.batches().close(at_work, now=now)
