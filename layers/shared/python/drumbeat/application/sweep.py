"""What stands still is set in motion again: batches whose messages were lost, call groups that nobody has seen to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.application.batch_sweep import sweep_batches
from drumbeat.application.call_groups import CallGroupPorts, look_at_groups

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches
    from drumbeat.application.ports import BatchQueue, OutOfTime


@dataclass(frozen=True, slots=True)
class Swept:
    """How many batches and groups wanted a look; how many batches stood still, how many groups did: a member of theirs
    had its turn, or their chain came to its end.
    """

    looked_at: int
    standing_still: int
    groups: int
    standing_groups: int


def sweep(batches: Batches, queue: BatchQueue, groups: CallGroupPorts, *, now: int, out_of_time: OutOfTime) -> Swept:
    """Looks at batches, then at groups. With nothing to look at that is two queries."""
    moved = sweep_batches(batches, queue, out_of_time=out_of_time, now=now)
    seen_to = look_at_groups(groups, now=now, out_of_time=out_of_time)
    return Swept(moved.looked_at, moved.standing_still, seen_to.groups, seen_to.activated + seen_to.closed)
