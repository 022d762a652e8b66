"""Credits: what a tenant may spend a month, what it has spent and on what, and giving back what is not needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

from drumbeat.domain.credits import AgentSpending, CreditAccount, Hold, Period, by_agent

if TYPE_CHECKING:
    from drumbeat.application.ports import Records
    from drumbeat.domain.sequence import Sequence as Cadence


class Credits(Protocol):
    """Keeps credits. Every change is exact under races: nothing is held, spent or given back twice."""

    def account(self, tenant: int) -> CreditAccount:
        """The tenant's credits as they are now."""
        ...

    def allocate(self, tenant: int, allocated: int) -> None:
        """Gives the tenant so many credits a month, from this one on."""
        ...

    def spending(self, tenant: int, period: Period) -> Iterator[AgentSpending]:
        """What each sequence spent on each day of the period."""
        ...

    def release(self, holds: Sequence[Hold], now: int) -> int:
        """Gives back what one tenant's enrollments that are over have set aside, each once; returns how many were."""
        ...


class AgentUsage(NamedTuple):
    """What an agent spent; `name` is None if it is not there any more."""

    number: int
    name: str | None
    credits: int
    calls: int


@dataclass(frozen=True, slots=True)
class CreditUsage:
    """What was spent in a period. The `account` is there where the period is a month; `month` tells which."""

    period: Period
    spent: int
    agents: tuple[AgentUsage, ...]
    account: CreditAccount | None = None


@dataclass(frozen=True, slots=True)
class UsagePorts:
    """What usage touches."""

    credits: Credits
    sequences: Records[Cadence]


def credit_usage(ports: UsagePorts, *, tenant: int, period: Period) -> CreditUsage:
    """What the tenant spent in a period, and each agent of it (contract 4.6).

    The sum of a month is the account's own; that of other days is the sum of the agents.
    """
    agents = _agents(ports, tenant, period)
    if period.month is None:
        return CreditUsage(period, sum(agent.credits for agent in agents), agents)
    account = ports.credits.account(tenant)
    return CreditUsage(period, account.spent_in(period.month), agents, account)


def _agents(ports: UsagePorts, tenant: int, period: Period) -> tuple[AgentUsage, ...]:
    spent = by_agent(ports.credits.spending(tenant, period))
    known = ports.sequences.get_some(tenant, [agent.sequence for agent in spent])
    names = {number: sequence.name for number, sequence in known.items()}
    return tuple(AgentUsage(agent.sequence, names.get(agent.sequence), agent.credits, agent.calls) for agent in spent)


def set_allocation(ledger: Credits, *, tenant: int, allocated: int) -> CreditAccount:
    """Gives the tenant so many credits a month from this one on, even fewer than are spent; returns its account."""
    ledger.allocate(tenant, allocated)
    return ledger.account(tenant)


def release_holds(ledger: Credits, holds: Iterable[Hold], *, now: int) -> int:
    """Gives back what enrollments that are over had set aside, each once; returns how many were given back now.

    Of one enrollment the hold that is named last counts, and told again it does nothing. Raises what the store raises:
    some may have been given back by then.
    """
    latest = {(hold.tenant, hold.key, hold.state is None): hold for hold in holds}
    ordered = sorted(latest.values(), key=lambda hold: hold.tenant)
    return sum(ledger.release(list(some), now) for _, some in groupby(ordered, key=lambda hold: hold.tenant))
