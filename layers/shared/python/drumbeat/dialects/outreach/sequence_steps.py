"""Sequence steps (contract 1.7): mails that leave by themselves, with what they say as attributes of our own.

They are put behind the others and changed in their place; the contract knows no way to delete one. Steps of other kinds
are made elsewhere and shown by their own names.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.errors import refused
from drumbeat.domain.placed_step import PlacedStep, view_of_step
from drumbeat.domain.sequence import DraftStrategy, Step, StepKind
from drumbeat.domain.times import MINUTE, SECOND

SECONDS_A_MINUTE = MINUTE // SECOND

SEQUENCE_STEPS = Collection(
    type="sequenceStep",
    path="sequenceSteps",
    view=view_of_step,
    attributes=(
        Attribute("order", "order", Shape.WHOLE, "FS", nullable=False),
        Attribute("stepType", "kind", Shape.TEXT, "FS", nullable=False),
        Attribute("interval", "interval", Shape.WHOLE, nullable=False),
        Attribute("subject", "subject", nullable=False),
        Attribute("bodyHtml", "body_html", nullable=False),
    ),
    relations=(Relation("sequence", "sequence", "sequence"),),
)
_OF_MAILS = {"stepType": "kind", "subject": "subject", "bodyHtml": "body_html"}


def new_step(given: Mapping[str, Any]) -> Step:
    """The step that a body asks for, wherever it will stand."""
    return changed_step(Step(0, "", "", 0), given)


def changed_step(step: Step, given: Mapping[str, Any]) -> Step:
    """The step with what is given. An interval is rounded up to minutes: no mail leaves sooner than asked.

    Raises ValidationFailed for what only mails have whose text stands in the step.
    """
    is_written = step.kind is StepKind.EMAIL and step.draft is DraftStrategy.STATIC
    wrong = [name for name, field in _OF_MAILS.items() if field in given and not is_written]
    if wrong:
        raise refused(f"data.attributes.{wrong[0]}", "Only a mail whose text stands in the step has this.")
    delay = -(-given["interval"] // SECONDS_A_MINUTE) if "interval" in given else step.delay_minutes
    return replace(
        step,
        subject=given.get("subject", step.subject),
        body_html=given.get("body_html", step.body_html),
        text=None if "body_html" in given else step.text,
        delay_minutes=delay,
    )


def check_order(given: Mapping[str, Any], order: int) -> None:
    """Raises ValidationFailed for a step that asks for another place than the one it has or gets."""
    if given.get("order", order) != order:
        raise refused("data.attributes.order", f"A step stands where it was put: this one's order is {order}.")


def check_place(given: Mapping[str, Any], placed: PlacedStep) -> None:
    """Raises ValidationFailed for a step that is to stand somewhere else, or to be of another sequence."""
    check_order(given, placed.index + 1)
    if given.get("sequence", placed.sequence.number) != placed.sequence.number:
        raise refused("data.relationships.sequence", "A step stays in its sequence.")
