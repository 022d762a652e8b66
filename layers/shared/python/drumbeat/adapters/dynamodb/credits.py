"""Credits on the table: one item a tenant, and what each sequence spent on each UTC day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.domain.credits import (
    DEFAULT_ALLOCATION,
    AgentSpending,
    Charge,
    CreditAccount,
    Hold,
    Period,
    check_covers,
    month_of,
)
from drumbeat.domain.times import DAY, SECOND, utc_day

_SPENT_IN = "spent_"
_MOST_TOGETHER = 99
_MARKS_KEPT = 30 * DAY


def hold_writes(table: Table, seen: CreditAccount, needed: int, now: int) -> list[dict[str, Any]]:
    """Members of the transaction that accepts calls: sets credits aside, refused if they are gone.

    Others may hold and spend meanwhile, as long as enough is left: what is left is granted half to either, and only
    where one of them took more than that is there a refusal that a second look may lift. Raises InsufficientCredits if
    the account, as seen, does not cover them.
    """
    check_covers(seen, needed, now)
    if needed == 0:
        return []
    month = month_of(now)
    slack = seen.allocated - seen.held - seen.spent_in(month) - needed
    names = {"#allocated": "allocated", "#held": "held", "#spent": f"{_SPENT_IN}{month}"}
    values = {
        ":needed": needed,
        ":allocated": seen.allocated,
        ":held": seen.held + slack // 2,
        ":spent": seen.spent_in(month) + slack - slack // 2,
    }
    allocated = "#allocated = :allocated"
    if seen.allocated == DEFAULT_ALLOCATION:
        allocated = f"(attribute_not_exists(#allocated) OR {allocated})"
    condition = (
        f"{allocated} AND (attribute_not_exists(#held) OR #held <= :held)"
        " AND (attribute_not_exists(#spent) OR #spent <= :spent)"
    )
    key = keys.credit_account(seen.tenant)
    return [table.update_write(key, "ADD #held :needed", condition=condition, names=names, values=values)]


def charge_writes(table: Table, tenant: int, sequence: int, charge: Charge, at: int) -> list[dict[str, Any]]:
    """Members of the transaction that notes a call's result: they spend its credits, and are never refused.

    That transaction must take the hold off the enrollment as it was seen, so that it is spent once.
    """
    spent = table.update_write(
        keys.credit_account(tenant),
        "ADD #held :freed, #spent :credits",
        names={"#held": "held", "#spent": f"{_SPENT_IN}{month_of(at)}"},
        values={":freed": -charge.held, ":credits": charge.credits},
    )
    noted = table.update_write(
        keys.credit_day(tenant, utc_day(at), sequence),
        "SET #sequence = :sequence ADD #credits :credits, #calls :one",
        names={"#sequence": "sequence", "#credits": "credits", "#calls": "calls"},
        values={":sequence": sequence, ":credits": charge.credits, ":one": 1},
    )
    return [spent, noted]


def give_back_write(table: Table, tenant: int, freed: int) -> dict[str, Any]:
    """A member of the transaction that ends what had credits set aside: nobody holds them any more."""
    key = keys.credit_account(tenant)
    return table.update_write(key, "ADD #held :freed", names={"#held": "held"}, values={":freed": -freed})


@dataclass(frozen=True, slots=True)
class CreditStore:
    """Keeps credits."""

    table: Table

    def account(self, tenant: int) -> CreditAccount:
        """The tenant's credits as they are now."""
        item = self.table.get(keys.credit_account(tenant)) or {}
        spent = {name.removeprefix(_SPENT_IN): item[name] for name in item if name.startswith(_SPENT_IN)}
        return CreditAccount(tenant, item.get("allocated", DEFAULT_ALLOCATION), item.get("held", 0), spent)

    def allocate(self, tenant: int, allocated: int) -> None:
        """Gives the tenant so many credits a month, from this one on."""
        self.table.update(
            keys.credit_account(tenant),
            "SET #allocated = :allocated",
            condition="",
            names={"#allocated": "allocated"},
            values={":allocated": allocated},
        )

    def spending(self, tenant: int, period: Period) -> Iterator[AgentSpending]:
        """What each sequence spent on each day of the period."""
        bounds = keys.credit_day_sort(period.first), f"{keys.credit_day_sort(period.last)}~"
        for item in self.table.items(keys.credit_ledger(tenant), between=bounds):
            yield AgentSpending(item["sequence"], item["credits"], item["calls"])

    def release(self, holds: Sequence[Hold], now: int) -> int:
        """Gives back what one tenant's enrollments that are over have set aside, each once; returns how many were.

        One that has been spent or given back meanwhile, or is not in the state in which it was seen, is passed over.
        """
        return sum(self._release_part(part, now) for part in batched(holds, _MOST_TOGETHER, strict=False))

    def _release_part(self, part: Sequence[Hold], now: int) -> int:
        while part:
            freed = give_back_write(self.table, part[0].tenant, sum(hold.credits for hold in part))
            try:
                self.table.transact([*(self._taken_off(hold, now) for hold in part), freed])
            except TransactionRefused as refusal:
                part = [hold for place, hold in enumerate(part) if place not in refusal.failed]
            else:
                break
        return len(part)

    def _taken_off(self, hold: Hold, now: int) -> dict[str, Any]:
        if hold.state is None:
            partition, sort = keys.returned_hold(hold.tenant, hold.key)
            mark = {"PK": partition, "SK": sort, "expires_at": (now + _MARKS_KEPT) // SECOND}
            return self.table.put_write(mark, condition=ABSENT)
        return self.table.update_write(
            keys.enrollment(hold.tenant, hold.key),
            "REMOVE #hold",
            condition="#hold = :credits AND #state = :state",
            names={"#hold": "hold", "#state": "state"},
            values={":credits": hold.credits, ":state": hold.state.value},
        )
