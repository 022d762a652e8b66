"""Batches that stand still get their messages again: a message that was lost costs minutes, never the batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.application.batch_messages import resolve_message, start_message
from drumbeat.application.batch_run import close_if_settled
from drumbeat.domain.batch import OPEN_FOR, STALL, Batch, BatchState
from drumbeat.domain.times import HOUR

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches
    from drumbeat.application.ports import BatchQueue, OutOfTime

_LONGEST_WAIT = 6 * HOUR


@dataclass(frozen=True, slots=True)
class Swept:
    """How many batches wanted a look, and how many of them stood still."""

    looked_at: int
    standing_still: int


def sweep_batches(batches: Batches, queue: BatchQueue, *, out_of_time: OutOfTime, now: int) -> Swept:
    """Looks at the batches that should have moved by now. With none open that is one query.

    One that goes on standing still, as behind a long queue, is looked at ever more seldom.
    """
    looked_at = still = 0
    for place in batches.open(until=now):
        if out_of_time():
            break
        batch = batches.get(place.tenant, place.number)
        if batch is None:
            continue
        looked_at += 1
        idle = now - batch.updated_at
        if batch.is_open:
            _see_to_open(batches, batch, now)
            continue
        if idle < STALL:
            batches.look_again(batch, at=batch.updated_at + STALL)
            continue
        still += 1
        if batch.settled and batch.state is not BatchState.RESOLVING:
            close_if_settled(batches, tenant=batch.tenant, number=batch.number, now=now)
            continue
        say = resolve_message if batch.state is BatchState.RESOLVING else start_message
        queue.put(say(batch.tenant, batch.number))
        batches.look_again(batch, at=now + min(idle, _LONGEST_WAIT))
    return Swept(looked_at, still)


def _see_to_open(batches: Batches, batch: Batch, now: int) -> None:
    """What nobody added to or closed for a day has failed: half of it shall not be done."""
    if now - batch.updated_at >= OPEN_FOR:
        batches.move(batch, BatchState.FAILED, now=now)
    else:
        batches.look_again(batch, at=batch.updated_at + OPEN_FOR)
