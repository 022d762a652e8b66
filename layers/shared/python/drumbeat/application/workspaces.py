"""Workspaces: who may make them, and what a key sees of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drumbeat.application.shared_senders import find_sender
from drumbeat.domain.errors import NotFound, ScopeMissing
from drumbeat.domain.ids import Kind
from drumbeat.domain.reach import Reach
from drumbeat.domain.workspace import Workspace

if TYPE_CHECKING:
    from drumbeat.application.ports import Numbers, Sequences, Workspaces


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


def list_workspaces(workspaces: Workspaces, *, tenant: int, by: Reach, after: int = 0) -> Iterator[Workspace]:
    """The workspaces behind `after` within the key's reach, oldest first."""
    return (found for found in workspaces.all(tenant, after=after) if by.covers(workspace=found.number))


def workspace_for(workspaces: Workspaces, *, tenant: int, wanted: int | None, by: Reach) -> int | None:
    """The workspace that something new belongs to: the wanted one, else the one that the key is confined to.

    Raises NotFound for one that is not there, or beyond the key's reach.
    """
    if wanted is None or wanted == by.workspace:
        return by.workspace
    return get_workspace(workspaces, tenant=tenant, number=wanted, by=by).number


def reach_of_new_key(
    workspaces: Workspaces, sequences: Sequences, *, tenant: int, workspace: int | None, sender: int | None, by: Reach
) -> Reach:
    """The reach of a key for this sender, or this workspace; for neither, that of the key which asks.

    Raises NotFound for what is not there or beyond that key's reach, and ScopeMissing for a key of one sender.
    """
    by.check_administers()
    if sender is None:
        return Reach(workspace_for(workspaces, tenant=tenant, wanted=workspace, by=by))
    found = find_sender(sequences, tenant=tenant, number=sender, by=by)
    return Reach(found.workspace, found.number)
