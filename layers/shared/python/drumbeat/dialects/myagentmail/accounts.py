"""Tenants, workspaces and keys (contract 3.1, docs/adr/0029)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.dialects.uuids import number_of
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.application.accounts import IssuedKey
    from drumbeat.domain.tenant import ApiKey, Tenant
    from drumbeat.domain.workspace import Workspace


def number_or_none(kind: str, tenant: int, spelled: str | None) -> int | None:
    """The number behind an id, None without one. Raises NotFound."""
    return None if spelled is None else number_of(kind, tenant, spelled)


def workspace_id(workspace: Workspace) -> str:
    """What clients call a workspace."""
    return resource_uuid(Kind.WORKSPACE, workspace.tenant, workspace.number)


def workspace_of(tenant: int, number: int | None) -> str | None:
    """The id of the workspace that something belongs to, None for none."""
    return None if number is None else resource_uuid(Kind.WORKSPACE, tenant, number)


def workspace_body(workspace: Workspace) -> dict[str, Any]:
    """A workspace."""
    return {
        "id": workspace_id(workspace),
        "name": workspace.name,
        "createdAt": iso(workspace.created_at),
    }


def key_id(key: ApiKey) -> str:
    """What clients call a key."""
    return resource_uuid(Kind.API_KEY, key.tenant, key.number)


def key_body(key: ApiKey) -> dict[str, Any]:
    """A key without its text, and what it is confined to."""
    return {
        "id": key_id(key),
        "prefix": key.prefix,
        "name": key.label,
        "workspaceId": workspace_of(key.tenant, key.workspace),
        "inboxId": None if key.sender is None else resource_uuid(Kind.SENDER, key.tenant, key.sender),
        "lastUsedAt": iso_or_none(key.last_used_at),
        "createdAt": iso(key.created_at),
    }


def key_with_text(issued: IssuedKey) -> dict[str, Any]:
    """A key with its text, which only the first answer holds."""
    return {"key": key_body(issued.key) | {"key": issued.plaintext}}


def tenant_body(tenant: Tenant) -> dict[str, Any]:
    """A tenant, under the id that `X-Tenant-Id` names it by."""
    return {
        "id": resource_uuid(Kind.TENANT, tenant.number, tenant.number),
        "name": tenant.name,
        "email": tenant.email,
        "createdAt": iso(tenant.created_at),
    }
