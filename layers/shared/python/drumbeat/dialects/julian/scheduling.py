"""What both scheduling calls ask for (contract 4.3, 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    StringConstraints,
    model_validator,
)
from pydantic.alias_generators import to_camel

from drumbeat.dialects.julian.contacts import KEYS, without_placeholders
from drumbeat.dialects.text import Zone
from drumbeat.domain.call_row import LONGEST_VARIABLE_NAME, MOST_VARIABLES
from drumbeat.domain.fit_text import is_line
from drumbeat.domain.row_rules import RowRules

if TYPE_CHECKING:
    from drumbeat.domain.agent import Agent
    from drumbeat.domain.schedule import Hours

MOST_ROWS = 1_000


def _names_a_variable(name: str) -> str:
    if name in KEYS.every:
        raise ValueError("must name a custom input variable")
    if not is_line(name):
        raise ValueError("must be one line without control characters")
    return name


type VariableName = Annotated[
    StrictStr,
    StringConstraints(min_length=1, max_length=LONGEST_VARIABLE_NAME),
    AfterValidator(_names_a_variable),
]


class ScheduleSequencesRequest(BaseModel):
    """POST /api/v1/agents/{agentId}/schedule/sequences. A row is looked at later, and fails alone."""

    model_config = ConfigDict(alias_generator=to_camel)

    contacts: Annotated[list[Any], Field(min_length=1, max_length=MOST_ROWS)]
    timezone: Zone | None = None
    group_by_field: VariableName | None = None
    normalize_fields: Annotated[list[VariableName], Field(max_length=MOST_VARIABLES)] | None = None
    allow_duplicates: StrictBool | None = False

    @model_validator(mode="after")
    def _groups_or_repeats(self) -> Self:
        if self.group_by_field is not None and self.allow_duplicates:
            raise ValueError("groupByField cannot be combined with allowDuplicates")
        return self

    def rows(self) -> list[Any]:
        """The rows in their order."""
        return [without_placeholders(row) for row in self.contacts]

    def rules(self, agent: Agent, hours: Hours | None, *, needs_email: bool) -> RowRules:
        """What holds for the rows, where `hours` are the agent's call windows and `needs_email` if it mails too."""
        return RowRules(
            keys=KEYS,
            agent=agent,
            hours=hours,
            needs_email=needs_email,
            zone=self.timezone,
            group_by=self.group_by_field,
            title_cased=tuple(self.normalize_fields or ()),
            allows_duplicates=bool(self.allow_duplicates),
        )


class ScheduleSequenceRequest(BaseModel):
    """POST /api/v1/agents/{agentId}/schedule/sequence: one row, with what holds for it."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow")

    bypass_allowed_call_window: StrictBool | None = False
    group_by_field: VariableName | None = None

    def rows(self) -> list[Any]:
        """The one row that it is."""
        return [without_placeholders(self.model_extra)]

    def rules(self, agent: Agent, hours: Hours | None, *, needs_email: bool) -> RowRules:
        """What holds for the row, where `hours` are the agent's call windows and `needs_email` if it mails too."""
        return RowRules(
            keys=KEYS,
            agent=agent,
            hours=hours,
            needs_email=needs_email,
            asks_number=True,
            group_by=self.group_by_field,
            at_any_time=bool(self.bypass_allowed_call_window),
        )
