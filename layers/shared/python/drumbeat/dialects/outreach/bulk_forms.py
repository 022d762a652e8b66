"""The attributes that bulk actions take (contract 1.3): ids as numbers or as text wherever there are any."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from drumbeat.application.batches import MOST_LISTED
from drumbeat.dialects.outreach.bodies import Number
from drumbeat.dialects.text import Line

_MOST = 100
BODY_LIMIT = 5 * 1024 * 1024
"""Room for as many ids as a batch takes, and less than what a function is ever handed."""

type Tag = Annotated[Line, StringConstraints(min_length=1)]


class Targets(BaseModel):
    """What every action takes: the records it is about. Named but empty, or null, is no way to say all."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Number], Field(min_length=1, max_length=MOST_LISTED)] = Field(default_factory=list)

    def listed(self) -> list[int] | None:
        """The ids, None where none are named."""
        return self.ids if "ids" in self.model_fields_set else None

    def params(self) -> dict[str, Any]:
        """The engine's params, whose names the fields have."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in NAMES}


class WithTags(Targets):
    """Tags to add or to remove."""

    tags: Annotated[list[Tag], Field(min_length=1, max_length=_MOST)]


class WithUsers(Targets):
    """Users to assign, or not any more."""

    users: Annotated[list[Number], Field(alias="userIds", min_length=1, max_length=_MOST)]


class WithOwner(Targets):
    """The user who shall own."""

    owner: Annotated[Number, Field(alias="ownerId")]


class WithAccount(Targets):
    """The account to belong to."""

    company: Annotated[Number, Field(alias="accountId")]


class WithOpportunity(Targets):
    """The opportunity to be linked to."""

    opportunity: Annotated[Number, Field(alias="opportunityId")]


class WithSequence(Targets):
    """The sequence to go through, and the mailbox to be mailed from. Steps cannot be overridden."""

    sequence: Annotated[Number, Field(alias="sequenceId")]
    sender: Annotated[Number, Field(alias="mailboxId")]
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


_FORMS = (WithTags, WithUsers, WithOwner, WithAccount, WithOpportunity, WithSequence)
NAMES: Mapping[str, str] = {
    name: field.alias or name
    for form in _FORMS
    for name, field in form.model_fields.items()
    if name not in ("ids", "step_overrides")
}
"""The engine's params and the attributes that say them."""
