"""Webhook endpoints: one item a tenant, replaced only while it is as it was read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import write_once
from drumbeat.adapters.dynamodb.delivery_items import health_item, health_of
from drumbeat.adapters.dynamodb.table import Table, TransactionRefused, tries
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.receiver_health import Health, resumed
from drumbeat.domain.webhook_endpoint import WebhookEndpoint

if TYPE_CHECKING:
    from drumbeat.domain.notice import Receiver

type Endpoints = tuple[WebhookEndpoint, ...]
_AS_SEEN = "attribute_not_exists(PK) OR revision = :seen"


@dataclass(frozen=True, slots=True)
class WebhookEndpointStore:
    """Keeps the endpoints of tenants."""

    table: Table

    def of_tenants(self, tenants: Collection[int]) -> dict[int, Endpoints]:
        """The endpoints of each tenant that has any: one request for 100 tenants."""
        found = self.table.get_many([keys.webhook_endpoints(tenant) for tenant in tenants])
        return {item["tenant"]: endpoints_of(item) for item in found.values()}

    def healths(self, endpoints: Sequence[WebhookEndpoint]) -> dict[int, Health]:
        """How those endpoints do that ever failed, by number."""
        places = {keys.receiver_health(entry.tenant, entry.number): entry for entry in endpoints}
        found = self.table.get_many(list(places))
        return {places[key].number: health_of(item) for key, item in found.items()}

    def create(
        self, tenant: int, number: int, add: Callable[[Endpoints], Endpoints], *, intent: str | None, now: int
    ) -> int:
        """Adds the endpoint with this number; returns the number it has (an earlier attempt's, if there was one)."""
        for _ in tries():
            seen, revision = self._seen(tenant)
            try:
                return write_once(
                    self.table, tenant, number, [self._put(tenant, add(seen), revision)], intent=intent, now=now
                )
            except TransactionRefused:
                continue
        raise StoreBusy("The endpoints keep changing. Try again.")

    def change(
        self, tenant: int, change: Callable[[Endpoints], Endpoints], *, resume: Receiver | None, now: int
    ) -> Endpoints:
        """Changes a tenant's endpoints and returns them; one may be `resume`d with it: what is parked for it is due.

        `change` may be repeated, when somebody else was faster. What it leaves as it is, is not written.
        """
        for _ in tries():
            seen, revision = self._seen(tenant)
            wanted = change(seen)
            if wanted == seen and resume is None:
                return seen
            woken = [] if resume is None else [self._resumed(resume, now)]
            if self.table.commits([self._put(tenant, wanted, revision), *woken]):
                return wanted
        raise StoreBusy("The endpoints keep changing. Try again.")

    def disable(self, receiver: Receiver, now: int) -> None:
        """Switches an endpoint off, if it is there and on."""

        def off(seen: Endpoints) -> Endpoints:
            return tuple(
                replace(entry, disabled_at=now)
                if entry.number == receiver.number and entry.disabled_at is None
                else entry
                for entry in seen
            )

        self.change(receiver.tenant, off, resume=None, now=now)

    def _seen(self, tenant: int) -> tuple[Endpoints, int]:
        item = self.table.get(keys.webhook_endpoints(tenant))
        return ((), 0) if item is None else (endpoints_of(item), item["revision"])

    def _put(self, tenant: int, endpoints: Endpoints, revision: int) -> dict[str, Any]:
        partition, sort = keys.webhook_endpoints(tenant)
        item = {"PK": partition, "SK": sort, "tenant": tenant, "revision": revision + 1}
        kept = {"endpoints": [_packed(entry) for entry in endpoints]}
        return self.table.put_write(item | kept, condition=_AS_SEEN, values={":seen": revision})

    def _resumed(self, receiver: Receiver, now: int) -> dict[str, Any]:
        """What changes its health at the same moment refuses this, and all of it is done again."""
        item = self.table.get(keys.receiver_health(receiver.tenant, receiver.number))
        seen = Health(receiver) if item is None else health_of(item)
        wanted = health_item(replace(resumed(seen, now), revision=seen.revision + 1))
        return self.table.put_write(wanted, condition=_AS_SEEN, values={":seen": seen.revision})


def endpoints_of(item: Mapping[str, Any]) -> Endpoints:
    """The endpoints in a tenant's item."""
    return tuple(
        WebhookEndpoint(**{"tenant": item["tenant"], **entry, "filters": tuple(entry["filters"])})
        for entry in item["endpoints"]
    )


def _packed(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {name: value for name, value in asdict(endpoint).items() if name != "tenant"}
