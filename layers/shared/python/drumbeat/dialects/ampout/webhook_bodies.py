"""What AmpOut's webhooks may be made of and changed to (contract 2.2, 2.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, Field

from drumbeat.application.webhook_endpoints import NewEndpoint
from drumbeat.dialects.ampout.events import TYPES
from drumbeat.dialects.apps import app_url
from drumbeat.dialects.text import Url
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.webhook_endpoint import EVERYTHING, WebhookEndpoint, spelled_secret

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
