"""Whether a receiver takes what it is posted: a circuit breaker that parks what it would not take (issue 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.domain.times import MINUTE
from drumbeat.domain.webhook_delivery import PATIENCE, Delivery, DeliveryState

if TYPE_CHECKING:
    from drumbeat.domain.notice import Receiver

OPENS_AFTER = 5
"""Failed attempts in a row after which the breaker opens."""
SETTLES_WITHIN = 2 * MINUTE
"""How long after the breaker has closed a delivery may still turn up that was parked before."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a receiver does. `failures` counts failed attempts in a row, whatever they were of.

    While the breaker is open everything is parked but the `probe`, the event whose delivery goes on by its own
    schedule. From `closed_at` on what was parked is being resumed. `look_at` is
    when somebody is to look after it.
    """

    receiver: Receiver
    failures: int = 0
    opened_at: int | None = None
    probe: str | None = None
    closed_at: int | None = None
    look_at: int | None = None
    revision: int = 0

    @property
    def is_open(self) -> bool:
        """Whether nothing but a probe is posted."""
        return self.opened_at is not None

    def admits(self, event: str) -> bool:
        """Whether this event may be posted now."""
        return not self.is_open or self.probe == event


def after(health: Health, tried: Sequence[Delivery], now: int) -> Health:
    """The health after these attempts, in their order; each delivery is as its attempt left it."""
    for delivery in tried:
        took = delivery.state is DeliveryState.DELIVERED
        health = _closed(health, now) if took else _failed(health, delivery, now)
    return health


def _closed(health: Health, now: int) -> Health:
    if not health.is_open:
        return replace(health, failures=0) if health.failures else health
    return resumed(health, now)


def resumed(health: Health, now: int) -> Health:
    """The receiver that is posted to again; what was parked for it is due."""
    return Health(health.receiver, closed_at=now, look_at=now, revision=health.revision)


def _failed(health: Health, delivery: Delivery, now: int) -> Health:
    counted = replace(health, failures=health.failures + 1)
    if counted.is_open:
        return replace(counted, look_at=delivery.due + PATIENCE) if counted.probe == delivery.event else counted
    if counted.failures < OPENS_AFTER:
        return counted
    return replace(
        counted, opened_at=now, probe=delivery.event, closed_at=None, look_at=max(delivery.due, now) + PATIENCE
    )


def probing(health: Health, event: str, now: int) -> Health:
    """The open breaker's next probe."""
    return replace(health, probe=event, look_at=now + PATIENCE)


def settled(health: Health) -> Health:
    """The receiver with nothing left to resume."""
    return replace(health, closed_at=None, look_at=None)


def seen_at(health: Health, look_at: int) -> Health:
    """The receiver that has been looked after, until the next time."""
    return replace(health, look_at=look_at)
