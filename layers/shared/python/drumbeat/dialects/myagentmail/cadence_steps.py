"""Steps of cadences (contract 3.3): ordered, replaced all at once, named by their index."""

from collections.abc import Sequence, Set
from math import ceil
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.text import MailBody, Number, Prose, Subject
from drumbeat.domain.sequence import LONGEST_DELAY, MOST_STEPS, DraftStrategy, Step, StepCondition, StepKind
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import DAY, MINUTE

_MINUTES = DAY // MINUTE
type CadenceStepKind = Literal[StepKind.EMAIL, StepKind.WAIT, StepKind.LINKEDIN_CONNECT, StepKind.LINKEDIN_MESSAGE]
"""What a client may ask for: calls are an agent's, and shown only."""
_NEEDS_BODY = (StepKind.EMAIL, StepKind.LINKEDIN_MESSAGE)


class StepBody(Fields):
    """One step. What is `static` says what it is given; for the rest the tenant's app is asked."""

    kind: CadenceStepKind
    delay_days: Annotated[Number, Field(ge=0, le=LONGEST_DELAY // _MINUTES, allow_inf_nan=False)]
    condition: StepCondition | None = None
    draft_strategy: DraftStrategy = DraftStrategy.AI
    static_subject: Subject | None = None
    static_body: MailBody | None = None
    prompt_hint: Prose | None = None
    notes: Prose | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.kind is StepKind.WAIT and self.condition is not None:
            raise ValueError("condition: a wait has none")
        if self.draft_strategy is DraftStrategy.STATIC:
            if self.kind in _NEEDS_BODY and self.static_body is None:
                raise ValueError("staticBody: a static step says what it is given")
            if self.kind is StepKind.EMAIL and self.static_subject is None:
                raise ValueError("staticSubject: a static e-mail needs a subject")
        return self

    def step(self, position: int, markup: Set[str]) -> Step:
        """The step as it is kept; a body that is among the `markup` stays HTML."""
        is_markup = self.kind is StepKind.EMAIL and self.static_body in markup
        html, text = (self.static_body, None) if is_markup else ("", self.static_body)
        return Step(
            position=position,
            subject=self.static_subject or "",
            body_html=html or "",
            delay_minutes=ceil(round(self.delay_days * _MINUTES, 6)),
            kind=self.kind,
            condition=self.condition,
            draft=self.draft_strategy,
            text=text,
            prompt_hint=self.prompt_hint,
            notes=self.notes,
        )


def _has_sense(steps: list[StepBody]) -> list[StepBody]:
    connected = False
    for place, step in enumerate(steps):
        if step.condition is StepCondition.AFTER_ACCEPT and not connected:
            raise ValueError(f"{place}.condition: after_accept needs a linkedin_connect step before it")
        connected |= step.kind is StepKind.LINKEDIN_CONNECT
    return steps


type Steps = Annotated[list[StepBody], Field(max_length=MOST_STEPS), AfterValidator(_has_sense)]


class ReplaceStepsRequest(Fields):
    """PATCH and PUT /v1/cadences/{cadence_id}/steps: the whole list."""

    steps: Annotated[Steps, Field(min_length=1)]

    def wanted(self, seen: Cadence) -> tuple[Step, ...]:
        """The steps in place of those that are there."""
        return steps_of(self.steps, seen.steps)


def steps_of(bodies: Sequence[StepBody], seen: Sequence[Step] = ()) -> tuple[Step, ...]:
    """The steps that are asked for in place of those that are there.

    A mail whose body is HTML is shown as it is kept: whoever gives it back means the HTML, not its signs.
    """
    markup = {step.body_html for step in seen if step.body_html}
    return tuple(body.step(place, markup) for place, body in enumerate(bodies, 1))


def step_body(step: Step) -> dict[str, Any]:
    """A step as cadences show it; its delay is exact in minutes."""
    days = step.delay_minutes / _MINUTES
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
