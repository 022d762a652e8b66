"""The attributes that bulk actions take (contract 1.3): ids as numbers or as text wherever there are any."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from drumbeat.application.batches import MOST_LISTED
from drumbeat.dialects.outreach.bodies import Number
from drumbeat.dialects.outreach.bulk_actions import ATTRIBUTE_NAMES, BulkAction
from drumbeat.dialects.text import Line

_MOST = 100
BODY_LIMIT = 5 * 1024 * 1024
"""Room for as many ids as a batch takes, and less than what a function is ever handed."""

type Tag = Annotated[Line, StringConstraints(min_length=1)]


class Targets(BaseModel):
    """What every action takes: the records it is about. Named but empty, or null, is no way to say all."""

    model_config = ConfigDict(extra="forbid", alias_generator=lambda field: ATTRIBUTE_NAMES.get(field, field))

    ids: Annotated[list[Number], Field(min_length=1, max_length=MOST_LISTED)] = Field(default_factory=list)

    def listed(self) -> list[int] | None:
        """The ids, None where none are named."""
        return self.ids if "ids" in self.model_fields_set else None

    def params(self) -> dict[str, Any]:
        """The engine's params, whose names the fields have."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in ATTRIBUTE_NAMES}


class WithTags(Targets):
    """Tags to add or to remove."""

    tags: Annotated[list[Tag], Field(min_length=1, max_length=_MOST)]


class WithUsers(Targets):
    """Users to assign, or not any more."""

    users: Annotated[list[Number], Field(min_length=1, max_length=_MOST)]


class WithOwner(Targets):
    """The user who shall own."""

    owner: Number


class WithAccount(Targets):
    """The account to belong to."""

    company: Number


class WithOpportunity(Targets):
    """The opportunity to be linked to."""

    opportunity: Number


class WithSequence(Targets):
    """The sequence to go through, and the mailbox to be mailed from. Steps cannot be overridden."""

    sequence: Number
    sender: Number
    step_overrides: Annotated[list[Any], Field(alias="stepOverrides", max_length=0)] = []


class WithValues(Targets):
    """Attributes with their new values, or one of them as a pair."""

    model_config = ConfigDict(extra="allow")

    def pairs(self) -> dict[str, Any]:
        """The values by the names of the attributes; those of pairs are texts, whatever they are of."""
        extra = dict(self.model_extra or {})
        for name, value in (("fieldName", "fieldValue"), ("field", "value")):
            if isinstance(extra.get(name), str) and value in extra:
                key = extra.pop(name)
                extra[key] = extra.pop(value)
        return extra


_FORMS: Mapping[str, type[Targets]] = {
    "add_tags": WithTags,
    "remove_tags": WithTags,
    "assign": WithUsers,
    "unassign": WithUsers,
    "set_owner": WithOwner,
    "set_company": WithAccount,
    "set_opportunity": WithOpportunity,
    "add_to_sequence": WithSequence,
    "modify": WithValues,
}
"""By what the engine does; what is not here takes the records alone."""


def form_of_action(action: BulkAction) -> type[Targets]:
    """The attributes that an action takes."""
    return _FORMS.get(action.engine.rpartition(".")[2], Targets)
