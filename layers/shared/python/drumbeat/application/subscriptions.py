"""What a tenant may send in a month, and what it has sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from drumbeat.domain.credits import Month, month_of
from drumbeat.domain.errors import NotFound
from drumbeat.domain.subscription import Period, Subscription, check_left, months_until, period_of

if TYPE_CHECKING:
    from drumbeat.application.ports import LaneWaker, Sequences


class Subscriptions(Protocol):
    """Keeps plans, and knows what was sent."""

    def standing(self, tenant: int, month: Month) -> tuple[Subscription | None, int]:
        """The tenant's plan, None if there is no such tenant, and what it has sent in the month."""
        ...

    def set(self, tenant: int, subscription: Subscription) -> bool:
        """Replaces the tenant's plan; False if there is no such tenant."""
        ...

    def sends(self, tenant: int, months: Sequence[Month]) -> Mapping[str, int]:
        """How many mails left in each of the months in which any did."""
        ...

    def add_tests(self, tenant: int, month: Month, count: int) -> None:
        """Counts test mails, which count for the limit and for nothing else."""
        ...


@dataclass(frozen=True, slots=True)
class PlanPorts:
    """What changing a plan touches."""

    subscriptions: Subscriptions
    sequences: Sequences
    lanes: LaneWaker


class Usage(NamedTuple):
    """A plan with the month that is running, and the twelve months before it, newest first."""

    subscription: Subscription
    period: Period
    before: list[Period]


def check_sends_left(subscriptions: Subscriptions, *, tenant: int, now: int, wanted: int = 1) -> None:
    """Raises PlanLimitReached if so many mails more are more than the month's limit."""
    subscription, sends = subscriptions.standing(tenant, month_of(now))
    check_left(subscription or Subscription(), sends, wanted)


def get_usage(subscriptions: Subscriptions, *, tenant: int, now: int) -> Usage:
    """What the tenant may send and has sent."""
    months = months_until(now)
    subscription, _ = subscriptions.standing(tenant, months[0])
    sends = subscriptions.sends(tenant, months)
    period, *before = (period_of(month, sends) for month in months)
    return Usage(subscription or Subscription(), period, before)


def set_plan(ports: PlanPorts, *, tenant: int, subscription: Subscription, now: int) -> None:
    """Gives the tenant another plan; what its limit held back goes on at the next tick. Raises NotFound.

    Lanes are woken after the limit is written: one that was woken before would see the old one and sleep on. Called
    again after a crash, it finishes.
    """
    if not ports.subscriptions.set(tenant, subscription):
        raise NotFound("tenant")
    ports.lanes.wake(tenant, [sender.number for sender in ports.sequences.all_senders(tenant)], now)
