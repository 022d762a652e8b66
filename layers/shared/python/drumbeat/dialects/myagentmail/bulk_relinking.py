"""A relinking of any size: rows as bulk-relink has them, call by call."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictStr

from drumbeat.application.relink_in_batch import MOST_ROWS_A_CALL, NamedRow
from drumbeat.dialects.drumbeat.batches import batch_number
from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.myagentmail.relinking import Update
from drumbeat.domain.fit_text import is_line

_NAME_LENGTH = 100
BODY_LIMIT = 3_000_000
"""Bytes: what a call brings is written in one transaction, which takes four million."""


class StartRelinkRequest(Fields):
    """POST /drumbeat/v1/sequences/{sequence_id}/relink: without `batchId` a batch begins; `more` keeps it open."""

    updates: Annotated[list[Update], Field(max_length=MOST_ROWS_A_CALL)]
    batch_id: StrictStr | None = None
    more: StrictBool = False

    def batch_number(self, tenant: int) -> int | None:
        """The batch to add to, None for a new one. Raises NotFound."""
        return None if self.batch_id is None else batch_number(tenant, self.batch_id)

    def rows(self, tenant: int) -> list[NamedRow]:
        """The rows in their order."""
        return [NamedRow(_kept(update.enrollment_id), update.row(tenant)) for update in self.updates]


def _kept(enrollment_id: str) -> str:
    """The id as it is shown with the row's result; of what can be none, as much as can be kept."""
    return enrollment_id[:_NAME_LENGTH] if is_line(enrollment_id) else ""
