"""What AmpOut's campaigns may be made of (contract 2.3, A2)."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from drumbeat.application.sequences import NewSequence
from drumbeat.dialects.ampout.smtp_credential_bodies import CampaignCredential
from drumbeat.dialects.text import MailBody, Name, Number, Subject, Wait, Whole
from drumbeat.dialects.uuids import number_of
from drumbeat.domain.sequence import BODIES_TOGETHER, LONGEST_DELAY, MOST_STEPS, Step

MAX_WAIT = 420
# Rounded: the table holds no number as small as JSON can spell.
type Percentage = Annotated[
    Number, Field(ge=0, le=100, allow_inf_nan=False), AfterValidator(lambda value: round(value, 6))
]


class SequenceStepBody(BaseModel):
    """One mail of a campaign."""

    position: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    subject: Subject
    body_html: MailBody
    delay_minutes: Annotated[Whole, Field(ge=0, le=LONGEST_DELAY)] = 0


class CampaignBody(BaseModel):
    """A new campaign; `track_clicks` is ours."""

    name: Name
    outreach_id: Annotated[str, Field(max_length=64)] | None = None
    min_wait_seconds: Wait = 120
    max_wait_seconds: Wait | None = None
    verify_email_mx: bool = False
    bounce_rate_threshold: Percentage = 8.0
    track_clicks: bool = False
    smtp_credentials: Annotated[list[CampaignCredential], Field(min_length=1, max_length=50)]
    sequence_steps: Annotated[list[SequenceStepBody], Field(min_length=1, max_length=MOST_STEPS)]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.max_wait_seconds is not None and self.max_wait_seconds < self.min_wait_seconds:
            raise ValueError("max_wait_seconds must not be below min_wait_seconds")
        positions = [place for place, _ in self._ordered()]
        if len(set(positions)) != len(positions):
            raise ValueError("two sequence_steps have the same position")
        if sum(len(step.body_html.encode()) for step in self.sequence_steps) > BODIES_TOGETHER:
            raise ValueError(f"the bodies of all sequence_steps together must stay below {BODIES_TOGETHER} bytes")
        return self

    def _ordered(self) -> list[tuple[int, SequenceStepBody]]:
        numbered = [(step.position or place, step) for place, step in enumerate(self.sequence_steps, 1)]
        return sorted(numbered, key=lambda entry: entry[0])

    def steps(self) -> tuple[Step, ...]:
        """The steps in the order of their positions."""
        return tuple(Step(place, step.subject, step.body_html, step.delay_minutes) for place, step in self._ordered())


class CreateCampaignRequest(BaseModel):
    """POST /campaigns."""

    campaign: CampaignBody

    def wanted(self, tenant: int) -> NewSequence:
        """The sequence that is asked for. Raises NotFound for an outreach id that is none."""
        body = self.campaign
        program = None if body.outreach_id is None else number_of("program", tenant, body.outreach_id)
        longest = max(MAX_WAIT, body.min_wait_seconds) if body.max_wait_seconds is None else body.max_wait_seconds
        return NewSequence(
            name=body.name,
            program=program,
            min_wait_seconds=body.min_wait_seconds,
            max_wait_seconds=longest,
            verify_email_mx=body.verify_email_mx,
            bounce_rate_threshold=body.bounce_rate_threshold,
            steps=body.steps(),
            senders=tuple(credential.wanted() for credential in body.smtp_credentials),
            track_clicks=body.track_clicks,
        )
