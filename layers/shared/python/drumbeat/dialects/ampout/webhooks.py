"""AmpOut's webhooks (contract 2.2, 2.8): the secret goes out once, and never again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.ampout.events import delivery_uuid
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.application.webhook_endpoints import Shown
    from drumbeat.domain.webhook_delivery import Delivery


def webhook_body(shown: Shown) -> dict[str, Any]:
    """A webhook as lists show it: never its secret."""
    endpoint = shown.endpoint
    return {
        "id": resource_uuid(Kind.WEBHOOK, endpoint.tenant, endpoint.number),
        "url": endpoint.url,
        "event_filters": list(endpoint.filters),
        "disabled_at": iso_or_none(endpoint.disabled_at),
        "consecutive_failures": shown.failures,
        "created_at": iso(endpoint.created_at),
    }


def secret_of(shown: Shown) -> dict[str, Any]:
    """What the first answer holds beside that, and no other."""
    return {} if shown.secret is None else {"secret": shown.secret}


def attempt_bodies(deliveries: Iterable[Delivery]) -> Iterator[dict[str, Any]]:
    """A row for each attempt: of the latest event first, and of these its latest attempt."""
    return (
        _attempt_body(delivery, place) for delivery in deliveries for place in reversed(range(len(delivery.attempts)))
    )


def _attempt_body(delivery: Delivery, place: int) -> dict[str, Any]:
    receiver, attempt = delivery.receiver, delivery.attempts[place]
    name = delivery_uuid(receiver.tenant, receiver.number, delivery.event)
    return {
        "id": str(uuid.uuid5(uuid.UUID(name), str(attempt.at))),
        "event_type": delivery.kind,
        "attempt": place + 1,
        "status_code": attempt.status,
        "error": attempt.error,
        "delivered_at": iso(attempt.at) if attempt.error is None else None,
        "created_at": iso(attempt.at),
    }
