"""Credits: what a tenant's calls may cost in a month, what is set aside for them, and what they have spent."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.enrollment import Enrollment, EnrollmentState, is_over
from drumbeat.domain.errors import InsufficientCredits, invalid_field
from drumbeat.domain.schedule import date_of, day_of
from drumbeat.domain.times import DAY, utc_day

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey

DEFAULT_ALLOCATION = 10_000
"""How many credits a tenant has a month until it is told otherwise."""

MOST_DAYS = 366


class Month(NamedTuple):
    """A month of UTC."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def days(self) -> tuple[int, int]:
        """Its first and its last day, counted like `utc_day`."""
        last = monthrange(self.year, self.month)[1]
        return day_of(date(self.year, self.month, 1)), day_of(date(self.year, self.month, last))

    @property
    def end(self) -> int:
        """The first instant of the next month."""
        return (self.days[1] + 1) * DAY


def month_of(instant: int) -> Month:
    """The month of UTC that `instant` lies in."""
    day = date_of(utc_day(instant))
    return Month(day.year, day.month)


@dataclass(frozen=True, slots=True)
class CreditAccount:
    """A tenant's credits: `allocated` for each month, `held` for calls that are to come, `spent` by month.

    What is held counts in the month that is running, whichever it was when it was set aside.
    """

    tenant: int
    allocated: int = DEFAULT_ALLOCATION
    held: int = 0
    spent: Mapping[str, int] = field(default_factory=dict)

    def spent_in(self, month: Month) -> int:
        """What the calls of a month have cost."""
        return self.spent.get(str(month), 0)

    def available(self, now: int) -> int:
        """How many credits may still be set aside; never below 0."""
        return max(0, self.allocated - self.held - self.spent_in(month_of(now)))


def check_covers(account: CreditAccount, needed: int, now: int) -> None:
    """Raises InsufficientCredits unless `needed` credits are available."""
    available = account.available(now)
    if needed > available:
        message = f"{needed} credits are needed, and {available} are available."
        raise InsufficientCredits(message, needed=needed, available=available)


class Charge(NamedTuple):
    """What one call costs: `credits`, of which as much is no longer `held`."""

    credits: int
    held: int


def charge_of(enrollment: Enrollment, price: int) -> Charge:
    """What a result costs: the first one of an enrollment what was set aside for it, any other one the price."""
    return Charge(price, 0) if enrollment.hold is None else Charge(enrollment.hold, enrollment.hold)


class Hold(NamedTuple):
    """Credits that an enrollment has set aside, as it was seen; `state` is None where the enrollment itself is gone."""

    tenant: int
    key: EnrollmentKey
    credits: int
    state: EnrollmentState | None


def idle_hold(enrollment: Enrollment) -> Hold | None:
    """What an enrollment that is over has still set aside: it is to be given back. None for any other."""
    if enrollment.hold is None or not is_over(enrollment):
        return None
    return Hold(enrollment.tenant, enrollment.key, enrollment.hold, enrollment.state)


def hold_left_behind(enrollment: Enrollment) -> Hold | None:
    """What an enrollment had set aside that was removed without a trace. None for one that had nothing."""
    if enrollment.hold is None:
        return None
    return Hold(enrollment.tenant, enrollment.key, enrollment.hold, None)


class Period(NamedTuple):
    """Days of UTC, both ends included; `month` is set where they are a month."""

    first: int
    last: int
    month: Month | None = None


def month_period(month: Month | None, now: int) -> Period:
    """A month, or the one that is running. Raises ValidationFailed for one that has not begun."""
    current = month_of(now)
    wanted = current if month is None else month
    if wanted > current:
        raise invalid_field("month", "must not be in the future")
    return Period(*wanted.days, wanted)


def days_period(first: int, last: int, now: int) -> Period:
    """A span of days. Raises ValidationFailed for one that ends before it begins, is too long or ends in the future."""
    today = utc_day(now)
    if last > today:
        raise invalid_field("period", "must not end in the future")
    if first > last:
        raise invalid_field("period", "must not end before it begins")
    if last - first >= MOST_DAYS:
        raise invalid_field("period", f"must be at most {MOST_DAYS} days, its first and last included")
    return Period(first, last)


class AgentSpending(NamedTuple):
    """What the calls of a sequence have spent in a period, and how many they were."""

    sequence: int
    credits: int
    calls: int


def by_agent(days: Iterable[AgentSpending]) -> list[AgentSpending]:
    """The spending of several days added up, by the sequences' numbers."""
    spent: dict[int, AgentSpending] = {}
    for day in days:
        sofar = spent.get(day.sequence, AgentSpending(day.sequence, 0, 0))
        spent[day.sequence] = AgentSpending(day.sequence, sofar.credits + day.credits, sofar.calls + day.calls)
    return [spent[number] for number in sorted(spent)]
