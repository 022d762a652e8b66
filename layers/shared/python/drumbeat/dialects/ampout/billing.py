"""AmpOut's plans, what was sent under them, and the traffic of keys (contract 2.2, A11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.subscriptions import Usage
    from drumbeat.application.traffic import Traffic
    from drumbeat.domain.subscription import Period, Subscription

CLIENT_KINDS = ("direct", "mcp", "sdk")


def subscription_body(usage: Usage) -> dict[str, Any]:
    """The plan and the month that is running."""
    return {"plan": _plan_body(usage.subscription), "period": _period_body(usage.period)}


def usage_body(usage: Usage) -> dict[str, Any]:
    """The plan, the month that is running, and the twelve before it, newest first [inferred shape]."""
    return subscription_body(usage) | {"history": [_period_body(period) for period in usage.before]}


def traffic_body(traffic: Traffic) -> dict[str, Any]:
    """This month's calls by kind of client [inferred shape: contract 2.2 only names it]."""
    return {
        "period": {"start": iso(traffic.start), "end": iso(traffic.end)},
        "calls": traffic.calls.total(),
        "by_client_kind": {kind: traffic.calls[kind] for kind in CLIENT_KINDS},
    }


def _plan_body(subscription: Subscription) -> dict[str, Any]:
    return {
        "slug": subscription.slug,
        "name": subscription.name,
        "tier": subscription.tier,
        "monthly_limit": subscription.monthly_limit,
    }


def _period_body(period: Period) -> dict[str, Any]:
    return {"start": iso(period.start), "end": iso(period.end), "sends_count": period.sends}
