"""What tenants, workspaces and keys may be made of (contract 3.1, docs/adr/0029)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.text import Email, Line, Name

type Id = Annotated[str, Field(max_length=64)]


class CreateTenantRequest(Fields):
    """POST /v1/tenants."""

    name: Name
    email: Email


class CreateWorkspaceRequest(Fields):
    """POST /v1/workspaces."""

    name: Name


class CreateKeyRequest(Fields):
    """POST /v1/keys: what it is confined to, at most one of the two; neither is as far as the key that asks."""

    name: Line | None = None
    workspace_id: Id | None = None
    inbox_id: Id | None = None

    @model_validator(mode="after")
    def _is_confined_once(self) -> Self:
        if self.workspace_id is not None and self.inbox_id is not None:
            raise ValueError("a key is confined to a workspaceId or to an inboxId, and an inbox knows its workspace")
        return self
