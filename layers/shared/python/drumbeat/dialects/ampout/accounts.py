"""AmpOut's sign-up and API keys (contract 2.1, A9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.application.accounts import IssuedKey
    from drumbeat.domain.tenant import ApiKey, Tenant


def key_body(key: ApiKey) -> dict[str, Any]:
    """A key as lists show it."""
    return {
        "id": resource_uuid(Kind.API_KEY, key.tenant, key.number),
        "prefix": key.prefix,
        "label": key.label,
        "client_kind": key.client_kind,
        "scopes": list(key.scopes),
        "last_used_at": iso_or_none(key.last_used_at),
        "created_at": iso(key.created_at),
    }


def account_body(tenant: Tenant, issued: IssuedKey) -> dict[str, Any]:
    """A new account with its first key [inferred shape: contract 2.2 says "account + first key"]."""
    return {
        "account": {
            "id": resource_uuid(Kind.TENANT, tenant.number, tenant.number),
            "name": tenant.name,
            "email": tenant.email,
            "created_at": iso(tenant.created_at),
        },
        "api_key": key_body(issued.key),
    }


def key_with_text(issued: IssuedKey) -> dict[str, Any]:
    """A key with its text, which only the first answer holds."""
    return key_body(issued.key) | {"plaintext": issued.plaintext}
