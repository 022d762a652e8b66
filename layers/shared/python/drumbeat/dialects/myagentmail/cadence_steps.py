"""Steps of cadences (contract 3.3): ordered, replaced all at once, named by their index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.domain.times import DAY, MINUTE

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Step

MINUTES_A_DAY = DAY // MINUTE


def step_body(step: Step) -> dict[str, Any]:
    """A step as cadences show it; its delay is exact in minutes."""
    days = step.delay_minutes / MINUTES_A_DAY
    return {
        "kind": step.kind.value,
        "delayDays": int(days) if days.is_integer() else days,
        "condition": None if step.condition is None else step.condition.value,
        "draftStrategy": step.draft.value,
        "staticSubject": step.subject or None,
        "staticBody": step.text if step.text is not None else step.body_html or None,
        "promptHint": step.prompt_hint,
        "notes": step.notes,
    }
