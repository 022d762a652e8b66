"""The use of credits (contract 4.6): a month, or any days, of the whole organization and of each agent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.dates import day_asked_for, read_date
from drumbeat.dialects.julian.ids import agent_id
from drumbeat.domain.credits import Month, Period, days_period, month_of, month_period
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.schedule import date_of

if TYPE_CHECKING:
    from drumbeat.application.credits import AgentUsage, CreditUsage

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_NOBODY = "(deleted agent)"


def period_asked_for(query: Mapping[str, str], now: int) -> Period:
    """The period that the parameters name: the month that is running, where there are none.

    Raises ValidationFailed.
    """
    month, start, end = (query.get(name) for name in ("month", "startDate", "endDate"))
    if start is None and end is None:
        return month_period(None if month is None else _month(month), now)
    if month is not None:
        raise invalid_field("month", "cannot be combined with startDate and endDate")
    if start is None or end is None:
        missing = "startDate" if start is None else "endDate"
        raise invalid_field(missing, "startDate and endDate are both needed")
    return days_period(day_asked_for("startDate", start), day_asked_for("endDate", end), now)


def _month(text: str) -> Month:
    if not _MONTH.fullmatch(text) or read_date(f"{text}-01") is None:
        raise invalid_field("month", "must be a month such as 2026-11")
    return Month(int(text[:4]), int(text[5:]))


def usage_body(tenant: int, usage: CreditUsage, now: int) -> dict[str, Any]:
    """What was spent. What is held for calls to come is our addition; it stands with the month that is running."""
    return {
        "period": _period(usage.period),
        "organization": _organization(usage, now),
        "agents": [_agent(tenant, agent) for agent in usage.agents],
    }


def _period(period: Period) -> dict[str, str]:
    days = {"startDate": date_of(period.first).isoformat(), "endDate": date_of(period.last).isoformat()}
    return days if period.month is None else days | {"month": str(period.month)}


def _organization(usage: CreditUsage, now: int) -> dict[str, Any]:
    spent, account = usage.spent, usage.account
    allocated = None if account is None else account.allocated
    is_running = usage.period.month == month_of(now)
    return {
        "allocatedCredits": allocated,
        "spentCredits": spent,
        "remainingCredits": None if allocated is None else max(0, allocated - spent),
        "percentageUsed": None if allocated is None else _percentage(spent, allocated),
        "heldCredits": account.held if account is not None and is_running else None,
    }


def _percentage(spent: int, allocated: int) -> float:
    if allocated == 0:
        return 100.0 if spent else 0.0
    return round(100 * spent / allocated, 2)


def _agent(tenant: int, agent: AgentUsage) -> dict[str, Any]:
    return {
        "agentId": agent_id(tenant, agent.number),
        "agentName": _NOBODY if agent.name is None else agent.name,
        "spentCredits": agent.credits,
        "transactionCount": agent.calls,
    }
