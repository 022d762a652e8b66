"""Receivers are looked after: what was parked is resumed in order, a probe that got lost is replaced, leftovers go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drumbeat.application.delivery_ports import Deliveries, DeliveryName, Known
from drumbeat.domain.notice import CareHint, Receiver
from drumbeat.domain.receiver_health import SETTLES_WITHIN, Health, probing, resumed, seen_at, settled
from drumbeat.domain.times import HOUR
from drumbeat.domain.webhook_delivery import PATIENCE, Delivery, DeliveryState

if TYPE_CHECKING:
    from drumbeat.application.settle_deliveries import SettlePorts

RESUMED_AT_ONCE = 25


def care_for(ports: SettlePorts, receiver: Receiver, known: Known, now: int) -> Sequence[Delivery]:
    """What of the parked deliveries is to be posted to the receiver now, in order."""
    address, health = known.addresses.get(receiver), known.health(receiver)
    if address is None:
        if not ports.deliveries.sweep(receiver):
            ports.queue.put_later([(CareHint(receiver), 0)])
        return ()
    if address.is_disabled:
        _look_again(ports.deliveries, health, now + HOUR)
        return ()
    return _next_probe(ports.deliveries, health, now) if health.is_open else _resumed(ports.deliveries, health, now)


def _look_again(deliveries: Deliveries, health: Health, look_at: int) -> None:
    deliveries.change_health(health.receiver, lambda seen: seen if seen.look_at is None else seen_at(seen, look_at))


def _next_probe(deliveries: Deliveries, health: Health, now: int) -> Sequence[Delivery]:
    """The next delivery to find out with; nothing as long as there is one under way. With nothing left to find out
    with, the breaker closes: whatever comes next is the probe.
    """
    name = DeliveryName(health.receiver, health.probe or "")
    probe = deliveries.known((), [name], now).deliveries.get(name)
    if probe is not None and probe.state is DeliveryState.WAITING:
        _look_again(deliveries, health, max(probe.due, now) + PATIENCE)
        return ()
    waiting = deliveries.parked(health.receiver, 1)
    if not waiting:
        deliveries.change_health(health.receiver, lambda seen: resumed(seen, now) if seen == health else seen)
        return ()
    event = waiting[0].event
    taken = deliveries.change_health(
        health.receiver, lambda seen: probing(seen, event, now) if seen.probe == health.probe else seen
    )
    return waiting if taken.admits(event) else ()


def _resumed(deliveries: Deliveries, health: Health, now: int) -> Sequence[Delivery]:
    if health.closed_at is None:
        return ()
    waiting = deliveries.parked(health.receiver, RESUMED_AT_ONCE)
    is_over = not waiting and now - health.closed_at > SETTLES_WITHIN
    look_at = now + (PATIENCE if waiting else SETTLES_WITHIN)

    def change(seen: Health) -> Health:
        if seen.revision != health.revision:
            return seen
        return settled(seen) if is_over else seen_at(seen, look_at)

    # Of two who look after it at once one goes on: what is resumed is posted in order.
    taken = deliveries.change_health(health.receiver, change)
    return waiting if taken.look_at == look_at and taken.revision <= health.revision + 1 else ()
