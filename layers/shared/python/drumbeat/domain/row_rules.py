"""What holds for the rows of a call, and how they spell their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drumbeat.domain.agent import Agent
    from drumbeat.domain.schedule import Hours


@dataclass(frozen=True, slots=True)
class RowKeys:
    """What a row calls its fields; `aliases` are other keys that a field may be meant by (`near_key.nearest`)."""

    name: str
    phone: str
    extension: str
    zone: str
    scheduled_at: str
    email: str
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def every(self) -> tuple[str, ...]:
        """All of them; what a row has besides are variables."""
        return self.name, self.phone, self.extension, self.zone, self.scheduled_at, self.email


@dataclass(frozen=True, slots=True)
class RowRules:
    """What holds for all rows of a call.

    `hours` are the agent's call windows, None for any time. With `needs_email` somebody has to be mailed too. `zone` is
    the call's own for rows without one; else, if `asks_number`, that of the phone number; else the agent's first. Rows
    with the same value of the variable `group_by` belong together. `title_cased` variables are spelled anew, if the
    agent allows it. `at_any_time` lets calls out of the windows.
    """

    keys: RowKeys
    agent: Agent
    hours: Hours | None = None
    needs_email: bool = False
    zone: str | None = None
    asks_number: bool = False
    group_by: str | None = None
    title_cased: tuple[str, ...] = ()
    allows_duplicates: bool = False
    at_any_time: bool = False
