"""What users do with webhook endpoints: they make, change and delete them, rotate secrets, and see what was posted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.fan_out import receiver_of
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind
from drumbeat.domain.webhook_endpoint import WebhookEndpoint, rotated, with_another

if TYPE_CHECKING:
    from drumbeat.application.ports import Numbers, Vault
    from drumbeat.domain.notice import Receiver
    from drumbeat.domain.receiver_health import Health
    from drumbeat.domain.webhook_delivery import Delivery

type Endpoints = tuple[WebhookEndpoint, ...]
WEBHOOK = "webhook"


class WebhookEndpoints(Protocol):
    """Keeps the endpoints of a tenant."""

    def of_tenants(self, tenants: Sequence[int]) -> Mapping[int, Endpoints]: ...
    def healths(self, endpoints: Sequence[WebhookEndpoint]) -> Mapping[int, Health]: ...
    def create(
        self, tenant: int, number: int, add: Callable[[Endpoints], Endpoints], *, intent: str | None, now: int
    ) -> int: ...
    def change(
        self, tenant: int, change: Callable[[Endpoints], Endpoints], *, resume: Receiver | None, now: int
    ) -> Endpoints: ...


class DeliveryLog(Protocol):
    """Knows what was posted."""

    def of_receiver(self, receiver: Receiver, *, before: str | None = None) -> Iterator[Delivery]: ...


@dataclass(frozen=True, slots=True)
class EndpointPorts:
    """What endpoints touch."""

    endpoints: WebhookEndpoints
    numbers: Numbers
    vault: Vault


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """What is asked for, and a fresh secret for it."""

    url: str
    filters: tuple[str, ...]
    secret: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An endpoint and how it does; `secret` is there on the one occasion on which it is known."""

    endpoint: WebhookEndpoint
    failures: int = 0
    secret: str | None = None


def create_endpoint(ports: EndpointPorts, *, tenant: int, wanted: NewEndpoint, intent: str | None, now: int) -> Shown:
    """Another endpoint; with the same intent an earlier attempt's, whose secret is gone. Raises ValidationFailed."""
    number = ports.numbers.take(tenant, Kind.SENDER)
    sealed = ports.vault.seal(wanted.secret, tenant=tenant, sender=number)
    new = WebhookEndpoint(tenant, number, wanted.url, wanted.filters, sealed, now)
    made = ports.endpoints.create(tenant, number, lambda seen: with_another(seen, new), intent=intent, now=now)
    return Shown(new, secret=wanted.secret) if made == number else Shown(get_endpoint(ports.endpoints, tenant, made))


def list_endpoints(endpoints: WebhookEndpoints, tenant: int) -> list[Shown]:
    """All endpoints of the tenant, oldest first."""
    there = endpoints.of_tenants([tenant]).get(tenant, ())
    return [_shown(entry, endpoints.healths(there)) for entry in there] if there else []


def get_endpoint(endpoints: WebhookEndpoints, tenant: int, number: int) -> WebhookEndpoint:
    """The endpoint. Raises NotFound."""
    return _found(endpoints.of_tenants([tenant]).get(tenant, ()), number)


def update_endpoint(
    endpoints: WebhookEndpoints,
    *,
    tenant: int,
    number: int,
    change: Callable[[WebhookEndpoint], WebhookEndpoint],
    now: int,
) -> Shown:
    """Changes the endpoint. One that is enabled, or listens elsewhere now, gets what was parked. Raises NotFound."""
    before = get_endpoint(endpoints, tenant, number)
    wanted = change(before)
    is_anew = wanted.url != before.url or (before.disabled_at is not None and wanted.disabled_at is None)
    resume = receiver_of(before) if is_anew else None
    there = endpoints.change(tenant, _changing(number, change), resume=resume, now=now)
    return _shown(_found(there, number), endpoints.healths(there))


def rotate_secret(ports: EndpointPorts, *, tenant: int, number: int, secret: str, now: int) -> WebhookEndpoint:
    """Another secret; the one before it signs too for another day. Raises NotFound."""
    sealed = ports.vault.seal(secret, tenant=tenant, sender=number)
    there = ports.endpoints.change(
        tenant, _changing(number, lambda seen: rotated(seen, sealed, now)), resume=None, now=now
    )
    return _found(there, number)


def delete_endpoint(endpoints: WebhookEndpoints, *, tenant: int, number: int, now: int) -> None:
    """Deletes the endpoint at once, what was posted to it soon. Raises NotFound."""
    gone = receiver_of(get_endpoint(endpoints, tenant, number))
    endpoints.change(
        tenant, lambda seen: tuple(entry for entry in seen if entry.number != number), resume=gone, now=now
    )


def deliveries_of(
    endpoints: WebhookEndpoints, log: DeliveryLog, *, tenant: int, number: int, before: str | None = None
) -> Iterator[Delivery]:
    """What was posted, or is to be, the latest event first; `before` one event, if named. Raises NotFound."""
    return log.of_receiver(receiver_of(get_endpoint(endpoints, tenant, number)), before=before)


def _changing(number: int, change: Callable[[WebhookEndpoint], WebhookEndpoint]) -> Callable[[Endpoints], Endpoints]:
    def changed(seen: Endpoints) -> Endpoints:
        _found(seen, number)
        return tuple(change(entry) if entry.number == number else entry for entry in seen)

    return changed


def _found(endpoints: Endpoints, number: int) -> WebhookEndpoint:
    for entry in endpoints:
        if entry.number == number:
            return entry
    raise NotFound(WEBHOOK, number)


def _shown(endpoint: WebhookEndpoint, healths: Mapping[int, Health]) -> Shown:
    health = healths.get(endpoint.number)
    return Shown(endpoint, 0 if health is None else health.failures)
