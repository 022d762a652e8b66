"""A step together with the sequence that it is of: what a caller sees as a thing of its own."""

from dataclasses import dataclass
from typing import Any

from drumbeat.domain.mail import body_of
from drumbeat.domain.sequence import Sequence, Step, StepKind, step_number
from drumbeat.domain.times import MINUTE, SECOND

AUTO_EMAIL = "auto_email"
"""A mail that leaves by itself. Every other kind of step is seen by its own name."""


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """The step of `sequence` at `index`."""

    sequence: Sequence
    index: int

    @property
    def number(self) -> int:
        """One number for the step among all of the tenant's."""
        return step_number(self.sequence.number, self.index)

    @property
    def step(self) -> Step:
        """The step itself."""
        return self.sequence.steps[self.index]


def steps_of(sequence: Sequence) -> list[PlacedStep]:
    """All steps of the sequence, in their order."""
    return [PlacedStep(sequence, index) for index in range(len(sequence.steps))]


def seen_kind(step: Step) -> str:
    """The kind of the step as conditions see it."""
    return AUTO_EMAIL if step.kind is StepKind.EMAIL else step.kind.value


def view_of_step(placed: PlacedStep) -> dict[str, Any]:
    """The step as conditions see it; `order` counts from 1, `interval` is in seconds. What is no mail has no body."""
    return {
        "number": placed.number,
        "sequence": placed.sequence.number,
        "order": placed.index + 1,
        "kind": seen_kind(placed.step),
        "interval": placed.step.delay_minutes * (MINUTE // SECOND),
        "subject": placed.step.subject or None,
        "body_html": body_of(placed.step) or None if placed.step.kind is StepKind.EMAIL else None,
    }
