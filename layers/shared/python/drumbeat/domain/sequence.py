"""Sequences, their steps and senders, and the programs that group them."""

from dataclasses import dataclass
from enum import StrEnum


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

    `senders` are in rotation. `retired_senders` are deleted ones whose follow-ups the others take over.
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


@dataclass(frozen=True, slots=True)
class Sender:
    """An identity that sends. `sealed_password` is readable only with the tenant's and sender's context."""

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
