"""Steps of cadences as they are asked for (contract 3.3): ordered, and replaced all at once."""

from collections.abc import Sequence, Set
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from drumbeat.dialects.myagentmail.cadence_steps import MINUTES_A_DAY
from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.text import MailBody, Number, Prose, Subject
from drumbeat.domain.sequence import LONGEST_DELAY, MOST_STEPS, DraftStrategy, Step, StepCondition, StepKind
from drumbeat.domain.sequence import Sequence as Cadence

type CadenceStepKind = Literal[StepKind.EMAIL, StepKind.WAIT, StepKind.LINKEDIN_CONNECT, StepKind.LINKEDIN_MESSAGE]
"""What a client may ask for: calls are an agent's, and shown only."""
_NEEDS_BODY = (StepKind.EMAIL, StepKind.LINKEDIN_MESSAGE)


class StepBody(Fields):
    """One step. What is `static` says what it is given; for the rest the tenant's app is asked."""

    kind: CadenceStepKind
    delay_days: Annotated[Number, Field(ge=0, le=LONGEST_DELAY // MINUTES_A_DAY, allow_inf_nan=False)]
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
            delay_minutes=ceil(round(self.delay_days * MINUTES_A_DAY, 6)),
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
