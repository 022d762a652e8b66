"""AmpOut's campaigns (contract 2.3, A2)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from drumbeat.dialects.ampout.smtp_credentials import credential_body
from drumbeat.domain.enrollment import Progress
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.mail import body_of
from drumbeat.domain.sequence import Sender, Sequence, Step, StepKind
from drumbeat.domain.times import iso


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
