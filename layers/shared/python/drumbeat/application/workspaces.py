"""Workspaces: who may make them, and what a key sees of them."""

from drumbeat.application.ports import Numbers, Workspaces
from drumbeat.domain.errors import NotFound, ScopeMissing
from drumbeat.domain.ids import Kind
from drumbeat.domain.reach import Reach
from drumbeat.domain.workspace import Workspace


def create_workspace(
    workspaces: Workspaces, numbers: Numbers, *, tenant: int, name: str, by: Reach, intent: str | None, now: int
) -> Workspace:
    """Makes a workspace; the same intent makes it once. Raises ScopeMissing for a key of less than the account."""
    if not by.is_whole:
        raise ScopeMissing("Only a key of the whole account makes workspaces.")
    number = numbers.take(tenant, Kind.WORKSPACE)
    workspace = Workspace(tenant, number, name, now)
    made = workspaces.create(workspace, intent=intent, now=now)
    return workspace if made == number else get_workspace(workspaces, tenant=tenant, number=made, by=by)


def get_workspace(workspaces: Workspaces, *, tenant: int, number: int, by: Reach) -> Workspace:
    """The workspace. Raises NotFound, also for one beyond the key's reach."""
    workspace = workspaces.get(tenant, number) if by.covers(workspace=number) else None
    if workspace is None:
        raise NotFound("workspace", number)
    return workspace


def list_workspaces(workspaces: Workspaces, *, tenant: int, by: Reach) -> list[Workspace]:
    """The workspaces within the key's reach, oldest first."""
    return [workspace for workspace in workspaces.all(tenant) if by.covers(workspace=workspace.number)]


def workspace_for(workspaces: Workspaces, *, tenant: int, wanted: int | None, by: Reach) -> int | None:
    """The workspace that something new belongs to: the wanted one, else the one that the key is confined to.

    Raises NotFound for one that is not there, or beyond the key's reach.
    """
    if wanted is None or wanted == by.workspace:
        return by.workspace
    return get_workspace(workspaces, tenant=tenant, number=wanted, by=by).number
