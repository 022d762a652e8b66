"""What tenants' apps answer to our requests, in our own language."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from drumbeat.dialects.text import Body, Line, Name
from drumbeat.domain.connector_answer import StepDone, StepFailed
from drumbeat.domain.draft import Draft
from drumbeat.domain.remark import fit_to_keep

_LONGEST_DRAFT = 20_000


class DraftAnswer(BaseModel):
    """POST /drumbeat/v1/connector/{token}/draft."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Body, Field(max_length=_LONGEST_DRAFT, pattern=r"\S")]
    subject: Name | None = None

    def draft(self) -> Draft:
        """The text that was asked for."""
        return Draft(self.text, self.subject)


class DoneAnswer(BaseModel):
    """POST /drumbeat/v1/connector/{token}/done."""

    model_config = ConfigDict(extra="forbid")

    channel_urn: Name | None = None
    profile_urn: Name | None = None

    def done(self) -> StepDone:
        """That the step is done, and where."""
        return StepDone(self.channel_urn, self.profile_urn)


class FailedAnswer(BaseModel):
    """POST /drumbeat/v1/connector/{token}/failed."""

    model_config = ConfigDict(extra="forbid")

    reason: Line = "the app gave no reason"
    retry: bool

    def failure(self) -> StepFailed:
        """That it came to nothing, and whether for good."""
        return StepFailed(fit_to_keep(self.reason), self.retry)
