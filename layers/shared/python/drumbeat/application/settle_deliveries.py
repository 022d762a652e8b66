"""What a round of posts came to is kept, and whatever is due within a quarter of an hour gets its message.

Health first, then deliveries, then messages: whoever dies in between leaves what a message or the timer finds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING

from drumbeat.domain.notice import CareHint, DueHint, Receiver, Task
from drumbeat.domain.receiver_health import Health, after, resumed
from drumbeat.domain.webhook_delivery import (
    LONGEST_DELAY,
    Delivery,
    DeliveryState,
    parked,
    parked_afresh,
    put_off,
)

if TYPE_CHECKING:
    from drumbeat.application.delivery_ports import Change, Deliveries, Endpoints, Known, TaskQueue
    from drumbeat.application.post_deliveries import Tried


@dataclass(frozen=True, slots=True)
class SettlePorts:
    """What settling touches."""

    deliveries: Deliveries
    endpoints: Endpoints
    queue: TaskQueue


def settle(ports: SettlePorts, known: Known, tried: Iterable[Tried], aside: Sequence[Change], now: int) -> None:
    """Keeps what became of the deliveries, those `aside` that were not to be posted among them."""
    changes = [_renewed(kept, new) for kept, new in aside]
    closed: list[Receiver] = []
    by_receiver = sorted(tried, key=lambda one: one.receiver)
    for receiver, group in groupby(by_receiver, key=lambda one: one.receiver):
        before = known.health(receiver)
        made, health = _settled(ports, receiver, before, list(group), now)
        changes += made
        closed += [receiver] if before.is_open and not health.is_open else []
    if changes:
        ports.deliveries.save(changes, now)
    _resume_what_was_parked_late(ports, {new.receiver for _, new in changes if new.state is DeliveryState.PARKED}, now)
    hints = [*_hints(changes, now), *((CareHint(receiver), 0) for receiver in closed)]
    if hints:
        ports.queue.put_later(hints)


def _settled(
    ports: SettlePorts, receiver: Receiver, before: Health, tried: Sequence[Tried], now: int
) -> tuple[list[Change], Health]:
    attempts = [one.after for one in tried if one.after is not None]
    health = before
    if after(before, attempts, now) != before:
        health = ports.deliveries.change_health(receiver, lambda seen: after(seen, attempts, now))
    is_over = receiver.is_endpoint and any(_is_the_end(attempt, health) for attempt in attempts)
    if is_over:
        ports.endpoints.disable(receiver, now)
    changes: list[Change] = []
    for one in tried:
        new = _next(one, health, is_over=is_over, now=now)
        changes += [] if new is None else [_renewed(one.letter.kept, new)]
    return changes, health


def _is_the_end(attempt: Delivery, health: Health) -> bool:
    """Whether the endpoint is to be disabled: it is gone for good, or took nothing through a whole schedule."""
    if attempt.last_status == HTTPStatus.GONE:
        return True
    return attempt.state is DeliveryState.FAILED and health.probe == attempt.event


def _next(one: Tried, health: Health, *, is_over: bool, now: int) -> Delivery | None:
    """The delivery as it is to be kept; None where it stays as it is."""
    if one.after is not None:
        return parked_afresh(one.after) if is_over and one.after.state is not DeliveryState.DELIVERED else one.after
    if one.letter.delivery.state is DeliveryState.PARKED:
        return None
    if is_over or not health.admits(one.letter.delivery.event):
        return parked(one.letter.delivery)
    return put_off(one.letter.delivery, now)


def _renewed(kept: Delivery | None, new: Delivery) -> Change:
    return kept, replace(new, revision=0 if kept is None else kept.revision + 1)


def _hints(changes: Sequence[Change], now: int) -> list[tuple[Task, int]]:
    waiting = [new for _, new in changes if new.state is DeliveryState.WAITING and new.due - now <= LONGEST_DELAY]
    return [(DueHint(new.receiver, new.event, new.revision), max(new.due - now, 0)) for new in waiting]


def _resume_what_was_parked_late(ports: SettlePorts, receivers: Collection[Receiver], now: int) -> None:
    """Whose breaker has closed before this was parked: nobody else would look for it."""
    if not receivers:
        return
    known = ports.deliveries.known(receivers, (), now)
    for receiver, address in known.addresses.items():
        if not address.is_disabled and not known.health(receiver).is_open:
            ports.deliveries.change_health(receiver, lambda seen: seen if seen.is_open else resumed(seen, now))
