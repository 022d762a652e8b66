"""What calls came to, for those who want to hear of it: two items a call, 100 items a request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_results import call_result_of
from drumbeat.adapters.dynamodb.callees import callee_of
from drumbeat.application.delivery_ports import DeliveryName, EndedCall

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.webhook_delivery import Delivery


@dataclass(frozen=True, slots=True)
class EndedCallStore:
    """Finds calls that are over."""

    table: Table

    def of(self, deliveries: Collection[Delivery]) -> dict[DeliveryName, EndedCall]:
        """The call of each delivery that is about one which is still kept."""
        places = {DeliveryName(delivery.receiver, delivery.event): _places(delivery) for delivery in deliveries}
        found = self.table.get_many([key for place in places.values() for key in place])
        return {
            name: EndedCall(callee_of(found[callee]), call_result_of(found[result]))
            for name, (callee, result) in places.items()
            if callee in found and result in found
        }


def _places(delivery: Delivery) -> tuple[keys.Key, keys.Key]:
    """Raises ValueError for a delivery about no call."""
    if delivery.call is None:
        raise ValueError(f"{delivery.event} is about no call")
    (key, asked), tenant = delivery.call, delivery.receiver.tenant
    return keys.callee(tenant, key), keys.call_result(tenant, key, asked)
