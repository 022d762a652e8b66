"""What a tenant may send in a month (contract 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from drumbeat.domain.credits import Month, month_of
from drumbeat.domain.errors import PlanLimitReached
from drumbeat.domain.times import DAY

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Subscription:
    """A tenant's plan; `monthly_limit` mails may leave in a month of UTC, any number if it is None."""

    slug: str = "unlimited"
    name: str = "Unlimited"
    tier: str = "unlimited"
    monthly_limit: int | None = None


class Period(NamedTuple):
    """A month of UTC, from its first instant to that of the next one, and the mails that left in it."""

    start: int
    end: int
    sends: int


def period_of(month: Month, sends: Mapping[str, int]) -> Period:
    """The month with what was sent in it; `sends` has only months in which anything was."""
    return Period(month.days[0] * DAY, month.end, sends.get(str(month), 0))


def months_until(now: int) -> list[Month]:
    """The month that is running, and the twelve before it, newest first."""
    months = [month_of(now)]
    while len(months) <= MONTHS_SHOWN:
        year, month = months[-1]
        months.append(Month(year - 1, 12) if month == 1 else Month(year, month - 1))
    return months


def check_left(subscription: Subscription, sends: int, wanted: int = 1) -> None:
    """Raises PlanLimitReached if `wanted` mails more are more than the month's limit."""
    limit = subscription.monthly_limit
    if limit is not None and sends + wanted > limit:
        raise PlanLimitReached(
            "The plan's monthly limit of mails is reached.",
            current_period_sends=sends,
            monthly_limit=limit,
            plan_slug=subscription.slug,
        )
