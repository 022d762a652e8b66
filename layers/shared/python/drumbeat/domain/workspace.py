"""Workspaces: parts of an account that keys can be confined to (docs/adr/0029)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workspace:
    """A part of an account. What belongs to it names its number; what belongs to none is the whole account's."""

    tenant: int
    number: int
    name: str
    created_at: int
