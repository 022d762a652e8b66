"""Sequences, their steps and senders, and the programs that group them."""

from dataclasses import dataclass
from enum import StrEnum

from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.schedule import Hours


class SequenceStatus(StrEnum):
    """Whether a sequence sends."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of a sequence; `delay_minutes` counts from the previous step's send."""

    position: int
    subject: str
    body_html: str
    delay_minutes: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Ordered steps, the senders that may send them, and their pace.

    `senders` are in rotation. `retired_senders` are deleted ones whose follow-ups the others take over. `hours` are
    what its `schedule` comes to; without them it may send at any time. `daily_cap` bounds the mails of all steps per
    UTC day.
    """

    tenant: int
    number: int
    name: str
    status: SequenceStatus
    program: int | None
    min_wait_seconds: int
    max_wait_seconds: int
    verify_email_mx: bool
    bounce_rate_threshold: float
    steps: tuple[Step, ...]
    senders: tuple[int, ...]
    created_at: int
    retired_senders: tuple[int, ...] = ()
    hours: Hours | None = None
    daily_cap: int | None = None
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """Groups sequences; with `unique_contacts` a contact can be in only one of them."""

    tenant: int
    number: int
    name: str
    unique_contacts: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class ImapAccess:
    """Where replies to a sender arrive; the password is sealed."""

    host: str
    port: int
    username: str
    sealed_password: str


class SenderKind(StrEnum):
    """What carries a sender's mails."""

    SMTP = "smtp"
    SES = "ses"


@dataclass(frozen=True, slots=True)
class Sender:
    """An identity that sends. `sealed_password` is readable only with the tenant's and sender's context.

    After trouble with its server it rests until `resting_until`; `troubles` and `refused_logins` count those in a row,
    `trouble` says what the last one was. A disabled sender sends nothing until somebody switches it on again.
    """

    tenant: int
    number: int
    sequence: int
    label: str | None
    host: str
    port: int
    username: str
    sealed_password: str
    from_name: str
    from_email: str
    daily_limit: int
    created_at: int
    imap: ImapAccess | None = None
    disabled_at: int | None = None
    disabled_reason: str | None = None
    kind: SenderKind = SenderKind.SMTP
    resting_until: int | None = None
    troubles: int = 0
    refused_logins: int = 0
    trouble: str | None = None
