"""Webhook endpoints: where a tenant's own systems hear of what happens anywhere in its account (contract 2.8)."""

import base64
from dataclasses import dataclass, replace

from drumbeat.domain.errors import invalid_field
from drumbeat.domain.times import DAY

MOST_ENDPOINTS = 20
"""Of a tenant: they lie in one item, and every event is posted to each of them."""
EVERYTHING = "*"
SECRET_BYTES = 32
OVERLAP = DAY
"""How long the secret before the last rotation signs too."""


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """One endpoint. `filters` are the types that it hears; `retired_secret` signs too until `retired_until`.

    Both secrets are sealed.
    """

    tenant: int
    number: int
    url: str
    filters: tuple[str, ...]
    sealed_secret: str
    created_at: int
    disabled_at: int | None = None
    retired_secret: str | None = None
    retired_until: int | None = None

    def hears(self, kind: str, *, only_if_named: bool) -> bool:
        """Whether events of this type are posted to it; what is `only_if_named` is not among `*`."""
        if self.disabled_at is not None:
            return False
        return kind in self.filters or (EVERYTHING in self.filters and not only_if_named)

    def live_secrets(self, now: int) -> tuple[str, ...]:
        """What signs at `now`, the newest first; still sealed."""
        if self.retired_secret is None or (self.retired_until or 0) <= now:
            return (self.sealed_secret,)
        return self.sealed_secret, self.retired_secret


def rotated(endpoint: WebhookEndpoint, sealed: str, now: int) -> WebhookEndpoint:
    """The endpoint with another secret; of those before it only the last goes on, for a day."""
    retired = endpoint.sealed_secret
    return replace(endpoint, sealed_secret=sealed, retired_secret=retired, retired_until=now + OVERLAP)


def with_another(endpoints: tuple[WebhookEndpoint, ...], new: WebhookEndpoint) -> tuple[WebhookEndpoint, ...]:
    """A tenant's endpoints with one more. Raises ValidationFailed when there are as many as there may be."""
    if len(endpoints) >= MOST_ENDPOINTS:
        raise invalid_field("webhook", f"an account has {MOST_ENDPOINTS} endpoints at most")
    return (*endpoints, new)


def spelled_secret(secret: bytes) -> str:
    """What proves to an endpoint that it is we who post, as its owner gets it (Standard Webhooks)."""
    return f"whsec_{base64.b64encode(secret).decode()}"
