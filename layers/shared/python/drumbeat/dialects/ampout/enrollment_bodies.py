"""What calls of AmpOut's enrolling say (contract 2.2, 2.5)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from drumbeat.dialects.ampout.enrollments import BATCH_NUMBERS
from drumbeat.dialects.text import Whole

_FALSE = (False, None, 0, "", "0", "false", "no")


class EnrollRequest(BaseModel):
    """POST /campaigns/{campaign_id}/enroll."""

    contact_import_id: Annotated[str, Field(max_length=64)]
    batch_size: Annotated[Whole, Field(ge=1, le=100_000)] = 50


class EnrollContactRequest(BaseModel):
    """POST /campaigns/{campaign_id}/enroll_contact. Anything but false, null, 0, "", "0", "false", "no" is priority."""

    contact_id: Annotated[str, Field(max_length=64)]
    batch_number: Annotated[Whole, Field(ge=0, le=BATCH_NUMBERS)] = 0
    priority: Any = False

    def is_priority(self) -> bool:
        """Whether the contact goes first within its batch."""
        return self.priority not in _FALSE
