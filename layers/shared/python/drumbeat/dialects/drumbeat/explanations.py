"""Why an enrollment's next mail has not left yet, as our own API says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.domain.ids import enrollment_uuid
from drumbeat.domain.times import iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.explanation import Explanation


def explanation_body(explanation: Explanation) -> dict[str, Any]:
    """The reasons, and when the mail is due and can leave as far as that is known."""
    enrollment = explanation.enrollment
    return {
        "enrollment_id": enrollment_uuid(enrollment.tenant, enrollment.key),
        "state": enrollment.state.value,
        "next_step": explanation.next_step,
        "due_at": iso_or_none(explanation.due_at),
        "not_before": iso_or_none(explanation.not_before),
        "reasons": [{"code": reason.code.value, "message": reason.message} for reason in explanation.reasons],
    }
