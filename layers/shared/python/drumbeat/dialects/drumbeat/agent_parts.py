"""The parts of an agent as our own API writes them: windows, steps, outcomes, retries, and where its apps listen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.drumbeat.hours import time_of
from drumbeat.domain.sequence import Step, StepKind

if TYPE_CHECKING:
    from drumbeat.application.connectors import Listening
    from drumbeat.domain.agent import CallRetry
    from drumbeat.domain.schedule import Week

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE_IN_SECONDS = 60
STEP_KINDS = {"CALL": StepKind.CALL, "EMAIL": StepKind.EMAIL, "WAIT": StepKind.WAIT}
_TYPES = {kind: name for name, kind in STEP_KINDS.items()}


def windows_body(week: Week | None) -> list[dict[str, Any]]:
    """The windows of a week: days that open alike stand together."""
    spans = sorted({span for spans in week or () for span in spans})
    return [
        {
            "days": [day for day, of_day in zip(DAYS, week or (), strict=True) if span in of_day],
            "start": time_of(span.start),
            "end": time_of(span.end),
        }
        for span in spans
    ]


def step_body(step: Step) -> dict[str, Any]:
    """A step as agents show it."""
    return {
        "stepType": _TYPES.get(step.kind, step.kind.value.upper()),
        "delaySeconds": step.delay_minutes * MINUTE_IN_SECONDS,
        "subject": step.subject or None,
        "body": step.body_html or None,
        "text": step.text,
    }


def retries_body(retries: Mapping[str, CallRetry]) -> dict[str, Any]:
    """The rules by the results that they are for."""
    return {
        result: {"times": rule.times, "delaySeconds": rule.minutes * MINUTE_IN_SECONDS}
        for result, rule in retries.items()
    }


def app_body(told: Listening, *, secret: str | None = None) -> dict[str, Any]:
    """Where an app listens; the secret is null but on the one occasion on which it is shown."""
    return {"url": told.url, "secret": secret}
