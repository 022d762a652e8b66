"""One tick: what is to be posted again within the next two minutes gets its message, as do receivers to look after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.times import MINUTE
from drumbeat.domain.webhook_delivery import PATIENCE

if TYPE_CHECKING:
    from drumbeat.application.delivery_ports import Due, TaskQueue, WakingDeliveries
    from drumbeat.application.ports import OutOfTime

HORIZON = 2 * MINUTE


@dataclass(frozen=True, slots=True)
class Woken:
    """How many messages a tick sent, and for how many of them the time had passed: ticks find things ahead of it."""

    hints: int = 0
    overdue: int = 0


def wake_deliveries(deliveries: WakingDeliveries, queue: TaskQueue, *, now: int, out_of_time: OutOfTime) -> Woken:
    """Sends a message for all that is due by the horizon, to arrive when it is due, and looks again after a while.

    The message goes first: who dies before its place is moved sends it twice, and what is kept of the delivery decides.
    """
    done = Woken()
    for page in deliveries.waking(now + HORIZON):
        if out_of_time():
            break
        _wake(deliveries, queue, page, now)
        done = Woken(done.hints + len(page), done.overdue + sum(due.due < now for due in page))
    return done


def _wake(deliveries: WakingDeliveries, queue: TaskQueue, page: Sequence[Due], now: int) -> None:
    if not page:
        return
    queue.put_later([(due.task, max(due.due - now, 0)) for due in page])
    deliveries.move([(due, max(due.due, now) + PATIENCE) for due in page])
