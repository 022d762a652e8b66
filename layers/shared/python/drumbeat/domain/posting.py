"""What to do about a task for a receiver: what is kept of the delivery decides, a message is only a hint."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.notice import DueHint, Notice
from drumbeat.domain.webhook_delivery import Delivery, DeliveryState, begun, begun_again

if TYPE_CHECKING:
    from drumbeat.domain.receiver_health import Health


class Step(StrEnum):
    """What comes next for a delivery."""

    POST = "post"
    PARK = "park"
    END = "end"  # nobody listens there any more
    NOTHING = "nothing"  # it has been seen to already


class Decision(NamedTuple):
    """What to do with a delivery, and the delivery as it is before that; None where there is nothing to keep."""

    step: Step
    delivery: Delivery | None = None


def decide(
    task: Notice | DueHint, kept: Delivery | None, health: Health, *, listens: bool, enabled: bool, now: int
) -> Decision:
    """What to do about a task. Asked again after it was done, it says nothing is left to do."""
    wanted = _begun(task, kept, now) if isinstance(task, Notice) else _due(task, kept)
    if wanted is None:
        return Decision(Step.NOTHING)
    if not listens:
        return Decision(Step.END, wanted)
    if enabled and health.admits(task.event):
        return Decision(Step.POST, wanted)
    return Decision(Step.NOTHING) if wanted.state is DeliveryState.PARKED else Decision(Step.PARK, wanted)


def _begun(notice: Notice, kept: Delivery | None, now: int) -> Delivery | None:
    """News that come again are posted again only where a replay says so, or where nobody else will."""
    if kept is None:
        return begun(notice, now)
    if notice.again > kept.again:
        return begun_again(kept, notice, now)
    return kept if kept.state is DeliveryState.PARKED else None


def _due(hint: DueHint, kept: Delivery | None) -> Delivery | None:
    if kept is None or kept.state is not DeliveryState.WAITING or kept.revision != hint.revision:
        return None
    return kept
