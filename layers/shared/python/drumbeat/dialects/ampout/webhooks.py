"""AmpOut's webhooks (contract 2.2, 2.8): the secret goes out once, and never again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from drumbeat.application.webhook_endpoints import NewEndpoint, Shown
from drumbeat.dialects.ampout.events import TYPES, delivery_uuid
from drumbeat.dialects.apps import Url, app_url
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso, iso_or_none
from drumbeat.domain.webhook_endpoint import EVERYTHING, WebhookEndpoint, spelled_secret

if TYPE_CHECKING:
    from drumbeat.domain.webhook_delivery import Delivery

_MOST_FILTERS = 50
type Filters = Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=_MOST_FILTERS)]


class NewWebhook(BaseModel):
    """A webhook of its own."""

    url: Url
    event_filters: Filters = [EVERYTHING]


class CreateWebhookRequest(BaseModel):
    """POST /webhooks."""

    webhook: NewWebhook

    def wanted(self, secret: bytes, *, plain_allowed: bool) -> NewEndpoint:
        """The endpoint that is asked for. Raises ValidationFailed for a URL that leads nowhere, or an unknown type."""
        url = _url(self.webhook.url, plain_allowed=plain_allowed)
        return NewEndpoint(url, _filters(self.webhook.event_filters), spelled_secret(secret))


class WebhookChanges(BaseModel):
    """What a webhook may change; what is absent stays. `disabled_at` can be null only: that enables it again."""

    url: Url = ""
    event_filters: Filters = [EVERYTHING]
    disabled_at: None = None


class UpdateWebhookRequest(BaseModel):
    """PATCH /webhooks/{webhook_id}."""

    webhook: WebhookChanges

    def changed(self, endpoint: WebhookEndpoint, *, plain_allowed: bool) -> WebhookEndpoint:
        """What the request makes of an endpoint. Raises ValidationFailed like `CreateWebhookRequest.wanted`."""
        given, wanted = self.webhook.model_fields_set, self.webhook
        if "url" in given:
            endpoint = replace(endpoint, url=_url(wanted.url, plain_allowed=plain_allowed))
        if "event_filters" in given:
            endpoint = replace(endpoint, filters=_filters(wanted.event_filters))
        return replace(endpoint, disabled_at=None) if "disabled_at" in given else endpoint


def _url(text: str, *, plain_allowed: bool) -> str:
    return app_url(text, "webhook.url", plain_allowed=plain_allowed) or ""


def _filters(wanted: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in wanted if name not in TYPES and name != EVERYTHING]
    if unknown:
        known = ", ".join((EVERYTHING, *TYPES))
        raise invalid_field("webhook.event_filters", f"unknown event {', '.join(unknown)}; there are {known}")
    return tuple(dict.fromkeys(wanted))


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
