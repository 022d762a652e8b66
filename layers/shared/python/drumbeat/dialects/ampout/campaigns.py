"""AmpOut's campaigns (contract 2.3, A2)."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from drumbeat.application.sequences import NewSequence
from drumbeat.dialects.ampout.smtp_credentials import CampaignCredential, credential_body
from drumbeat.dialects.text import MailBody, Name, Number, Subject, Wait, Whole
from drumbeat.dialects.uuids import number_of
from drumbeat.domain.enrollment import Progress
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.mail import body_of
from drumbeat.domain.sequence import BODIES_TOGETHER, LONGEST_DELAY, MOST_STEPS, Sender, Sequence, Step, StepKind
from drumbeat.domain.times import iso

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


def status_body(tenant: int, sequence: int, status: str) -> dict[str, Any]:
    """A campaign by id and status only."""
    return {"id": resource_uuid(Kind.SEQUENCE, tenant, sequence), "status": status}


def campaign_row(sequence: Sequence) -> dict[str, Any]:
    """A campaign as lists show it."""
    return {
        "id": resource_uuid(Kind.SEQUENCE, sequence.tenant, sequence.number),
        "name": sequence.name,
        "status": sequence.status.value,
        "created_at": iso(sequence.created_at),
    }


def campaign_body(sequence: Sequence, counts: Counter[Progress], senders: Iterable[Sender]) -> dict[str, Any]:
    """A campaign with its totals and rates."""
    program = sequence.program
    return (
        {"totals": totals_body(counts), "rates": rates_body(counts)}
        | campaign_row(sequence)
        | {
            "outreach_id": None if program is None else resource_uuid(Kind.PROGRAM, sequence.tenant, program),
            "min_wait_seconds": sequence.min_wait_seconds,
            "max_wait_seconds": sequence.max_wait_seconds,
            "verify_email_mx": sequence.verify_email_mx,
            "bounce_rate_threshold": sequence.bounce_rate_threshold,
            "track_clicks": sequence.track_clicks,
            "smtp_credentials": [credential_body(sender) for sender in senders],
            "sequence_steps": [step_body(step) for step in sequence.steps],
        }
    )


def step_body(step: Step) -> dict[str, Any]:
    """A mail of a campaign, without a body while that is yet to be drafted. What is no mail has a `kind` of ours."""
    is_mail = step.kind is StepKind.EMAIL
    body = {
        "position": step.position,
        "subject": step.subject or None,
        "body_html": body_of(step) or None if is_mail else None,
        "delay_minutes": step.delay_minutes,
    }
    return body if is_mail else body | {"kind": step.kind.value}


def totals_body(counts: Counter[Progress]) -> dict[str, int]:
    """How many enrollments stand where."""
    return {status.value: counts[status] for status in Progress}


def rates_body(counts: Counter[Progress]) -> dict[str, float]:
    """Shares in percent: opened and replied of what was delivered, bounced of what was tried [inferred]."""
    delivered = counts[Progress.SENT] + counts[Progress.OPENED] + counts[Progress.REPLIED]
    return {
        "open_rate": _percent(counts[Progress.OPENED] + counts[Progress.REPLIED], delivered),
        "reply_rate": _percent(counts[Progress.REPLIED], delivered),
        "bounce_rate": _percent(counts[Progress.BOUNCED], delivered + counts[Progress.BOUNCED]),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
