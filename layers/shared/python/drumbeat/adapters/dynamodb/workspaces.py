"""Workspaces on the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import create_once
from drumbeat.domain.workspace import Workspace

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table


@dataclass(frozen=True, slots=True)
class WorkspaceStore:
    """Keeps workspaces: few, in one partition."""

    table: Table

    def create(self, workspace: Workspace, *, intent: str | None, now: int) -> int:
        """Writes the workspace; returns the number it has (an earlier attempt's, if there was one)."""
        return create_once(self.table, workspace.tenant, workspace.number, [_item(workspace)], intent=intent, now=now)

    def get(self, tenant: int, number: int) -> Workspace | None:
        """The workspace, or None."""
        item = self.table.get(keys.workspace(tenant, number))
        return None if item is None else _workspace_of(item)

    def all(self, tenant: int, *, after: int = 0) -> Iterator[Workspace]:
        """The tenant's workspaces, oldest first, from behind `after` on."""
        start = keys.workspace(tenant, after)[1]
        return map(_workspace_of, self.table.items(keys.workspaces(tenant), after=start))


def _item(workspace: Workspace) -> dict[str, Any]:
    partition, sort = keys.workspace(workspace.tenant, workspace.number)
    return {"PK": partition, "SK": sort} | asdict(workspace)


def _workspace_of(item: dict[str, Any]) -> Workspace:
    return Workspace(item["tenant"], item["number"], item["name"], item["created_at"])
