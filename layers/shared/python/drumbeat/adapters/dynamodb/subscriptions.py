"""Plans on the table: a tenant's own item has its plan, one item for many tenants says who has a limit at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import PRESENT, Table
from drumbeat.domain.subscription import Subscription

if TYPE_CHECKING:
    from drumbeat.domain.credits import Month


@dataclass(frozen=True, slots=True)
class SubscriptionStore:
    """Keeps plans, and knows what was sent."""

    table: Table

    def standing(self, tenant: int, month: Month) -> tuple[Subscription | None, int]:
        """The tenant's plan and what it has sent in the month: one read."""
        place = keys.month(tenant, str(month))
        found = self.table.get_many([keys.tenant(tenant), place])
        owner = found.get(keys.tenant(tenant))
        plan = None if owner is None else Subscription(**owner.get("plan", {}))
        return plan, sends_of(found.get(place, {}))

    def set(self, tenant: int, subscription: Subscription) -> bool:
        """Replaces the tenant's plan, together with what the dispatcher goes by; False if there is no such tenant."""
        mark, limit = keys.limit_of(tenant), subscription.monthly_limit
        plan = {name: value for name, value in asdict(subscription).items() if value is not None}
        named: dict[str, Any] = {"names": {"#plan": "plan"}, "values": {":plan": plan}}
        own = self.table.update_write(keys.tenant(tenant), "SET #plan = :plan", condition=PRESENT, **named)
        shared = (
            self.table.update_write(keys.limits(tenant), f"REMOVE {mark}")
            if limit is None
            else self.table.update_write(keys.limits(tenant), f"SET {mark} = :limit", values={":limit": limit})
        )
        return self.table.commits([own, shared])

    def sends(self, tenant: int, months: Sequence[Month]) -> Mapping[str, int]:
        """How many mails left in each of the months in which any did: one read."""
        found = self.table.get_many([keys.month(tenant, str(month)) for month in months])
        return {item["month"]: sends_of(item) for item in found.values()}

    def add_tests(self, tenant: int, month: Month, count: int) -> None:
        """Counts test mails beside the others."""
        self.table.update(
            keys.month(tenant, str(month)),
            "SET #month = :month, sent = if_not_exists(sent, :none) ADD tests :count",
            condition="",
            names={"#month": "month"},
            values={":month": str(month), ":none": 0, ":count": count},
        )


def sends_of(item: Mapping[str, Any]) -> int:
    """The mails that the item of a month counts, test mails included."""
    return int(item.get("sent", 0)) + int(item.get("tests", 0))
