"""Rows of calls as they lie in a batch: JSON arguments, of which what was rejected keeps its reason only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from drumbeat.domain.call_making import CallRow, Once
from drumbeat.domain.callee import Callee
from drumbeat.domain.times import DAY

if TYPE_CHECKING:
    from drumbeat.domain.batch import Batch
    from drumbeat.domain.call_row import AcceptedRow, RejectedRow

SCHEDULE = "calls.schedule"
REJECTED = "REJECTED"
"""The code of what became of a row that was not accepted."""

_MARKS_KEPT = 30 * DAY
"""Longer than the work of a batch may take."""


def accepted_argument(row: AcceptedRow) -> dict[str, Any]:
    """A row that is to be made."""
    callee = {name: value for name, value in asdict(row.callee).items() if value is not None and value != ""}
    email = {} if row.email is None else {"email": row.email}
    return {"name": row.callee.phone, "callee": callee | {"variables": dict(row.callee.variables)}} | email


def rejected_argument(row: RejectedRow) -> dict[str, Any]:
    """A row that is not."""
    return {"name": row.phone, "problem": row.text}


def problem_of(argument: Mapping[str, Any]) -> str | None:
    """Why the row was rejected, None if it was accepted."""
    problem: str | None = argument.get("problem")
    return problem


def row_of(batch: Batch, index: int, argument: Mapping[str, Any]) -> CallRow:
    """An accepted row; its contact has a number of the block that was taken for the batch.

    Its mark outlasts its contact: who is deleted while the batch is being made is not made again.
    """
    tag = f"{batch.tag}.{index}"
    return CallRow(
        index=index,
        tag=tag,
        number=batch.params["first_contact"] + index,
        callee=Callee(**argument["callee"]),
        email=argument.get("email"),
        once=Once(tag, _MARKS_KEPT),
    )
