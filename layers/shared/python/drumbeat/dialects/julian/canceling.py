"""Canceling by a variable (contract 4.8)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StrictStr, StringConstraints
from pydantic.alias_generators import to_camel

from drumbeat.domain.fit_text import made_line

_REASON_LENGTH = 500


class CancelSequencesRequest(BaseModel):
    """POST /api/v1/sequences/cancel. A reason is never too long or too odd: it is kept as far as it can be."""

    model_config = ConfigDict(alias_generator=to_camel)

    reference_key: Annotated[StrictStr, StringConstraints(min_length=1)]
    reference_value: Annotated[StrictStr, StringConstraints(min_length=1)]
    reason: StrictStr | None = None

    def reason_kept(self) -> str | None:
        """The reason as one line of at most 500 characters; None without one."""
        return made_line(self.reason or "")[:_REASON_LENGTH].strip() or None
