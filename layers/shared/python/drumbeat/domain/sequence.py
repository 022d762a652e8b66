"""Sequences, their steps and senders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from drumbeat.domain.errors import ValidationFailed

if TYPE_CHECKING:
    from drumbeat.domain.agent import Agent
    from drumbeat.domain.opening_hours import Schedule
    from drumbeat.domain.schedule import Hours

MOST_STEPS = 50
LONGEST_DELAY = 525_600  # minutes between two steps: a year
BODIES_TOGETHER = 300_000
"""How many bytes the bodies of a sequence's steps may have: it is one item of the table."""
_STEP_BITS = 10


class SequenceStatus(StrEnum):
    """Whether a sequence sends."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"


class StepKind(StrEnum):
    """What a step does: a mail, nothing but its delay, or what the tenant's app does on LinkedIn or by phone."""

    EMAIL = "email"
    WAIT = "wait"
    LINKEDIN_CONNECT = "linkedin_connect"
    LINKEDIN_MESSAGE = "linkedin_message"
    CALL = "call"


class StepCondition(StrEnum):
    """What must be so when a step's turn comes (contract 3.3)."""

    AFTER_ACCEPT = "after_accept"
    NO_REPLY_TO_PREV = "no_reply_to_prev"
    NEVER_REPLIED = "never_replied"


class DraftStrategy(StrEnum):
    """Who writes what a step says: it stands in the step, or the tenant's app is asked for it."""

    STATIC = "static"
    AI = "ai"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence; `delay_minutes` counts from the previous step's completion.

    A mail's body is `body_html`, or `text` as it was written, without markup; merge fields are filled in either. A step
    of another kind has `text` only. `prompt_hint` and `notes` are for whoever drafts.
    """

    position: int
    subject: str
    body_html: str
    delay_minutes: int
    kind: StepKind = StepKind.EMAIL
    condition: StepCondition | None = None
    draft: DraftStrategy = DraftStrategy.STATIC
    text: str | None = None
    prompt_hint: str | None = None
    notes: str | None = None

    @property
    def is_of_app(self) -> bool:
        """Whether the tenant's app does it, on a channel of its own."""
        return self.kind not in {StepKind.EMAIL, StepKind.WAIT}

    @property
    def is_on_linkedin(self) -> bool:
        """Whether it is done with an account on LinkedIn, to a profile there."""
        return self.kind in {StepKind.LINKEDIN_CONNECT, StepKind.LINKEDIN_MESSAGE}

    @property
    def is_drafted(self) -> bool:
        """Whether it is a mail whose text the tenant's app writes."""
        return self.kind is StepKind.EMAIL and self.draft is DraftStrategy.AI


@dataclass(frozen=True, slots=True)
class Sequence:
    """Ordered steps, the senders that may send them, and their pace.

    `senders` are in rotation. `retired_senders` are deleted ones whose follow-ups the others take over. `hours` are
    what its `schedule` comes to; without them it may send at any time. `daily_cap` bounds what leaves of all steps per
    UTC day. `max_active` and `max_adds_per_day` (UTC) are the throttle that enrollments wait for, off while
    `throttle_paused`; `ruleset` says who may be enrolled. `mailboxes` are the shared senders that ever had enrollments
    of it. `workspace` is whose it is within the tenant, None for all. `connector` is the sender that stands for the
    tenant's app. `enabled_at` is when it last began to send; `fields` are only shown back. `revision` counts the
    changes of its settings and steps. `agent` says how it calls, if it does, with its connector for a dialler.
    `paused_reason` is set while we have paused it. With `track_clicks` the links in its mails lead over us.
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
    owner: int | None = None
    ruleset: int | None = None
    tags: tuple[str, ...] = ()
    max_active: int | None = None
    max_adds_per_day: int | None = None
    throttle_paused: bool = False
    enabled_at: int | None = None
    updated_at: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    mailboxes: tuple[int, ...] = ()
    revision: int = 0
    workspace: int | None = None
    connector: int | None = None
    exit_on_reply: bool = True
    exit_on_unsubscribe: bool = True
    agent: Agent | None = None
    paused_reason: str | None = None
    track_clicks: bool = False

    @property
    def every_sender(self) -> tuple[int, ...]:
        """Everybody who may have sent something of it."""
        connector = () if self.connector is None else (self.connector,)
        return tuple(dict.fromkeys((*self.senders, *self.retired_senders, *self.mailboxes, *connector)))

    @property
    def connectors(self) -> tuple[int, ...]:
        """The senders that stand for the tenant's own apps and are of no other sequence."""
        listener = None if self.agent is None else self.agent.listener
        return tuple(number for number in (self.connector, listener) if number is not None)


def next_turn(steps: tuple[Step, ...], index: int) -> tuple[int, int]:
    """Whose turn comes at `index`, and after how many minutes: a wait adds its delay to what follows it.

    A wait that nothing follows has its turn, so that the sequence is not over before. `index` must be a step's.
    """
    minutes = 0
    for place in range(index, len(steps)):
        minutes += steps[place].delay_minutes
        if steps[place].kind is not StepKind.WAIT:
            return place, minutes
    return len(steps) - 1, minutes


def step_number(sequence: int, index: int) -> int:
    """One number for a step of a sequence. Raises OverflowError behind the 1,024th step."""
    if not 0 <= index < 1 << _STEP_BITS:
        raise OverflowError(f"{index} does not fit {_STEP_BITS} bits")
    return sequence << _STEP_BITS | index


def step_place(number: int) -> tuple[int, int]:
    """The sequence and the index that `step_number` packed."""
    return number >> _STEP_BITS, number & (1 << _STEP_BITS) - 1


def check_steps(steps: tuple[Step, ...]) -> None:
    """Raises ValidationFailed for more steps, or longer ones, than a sequence can hold."""
    if len(steps) > MOST_STEPS:
        raise ValidationFailed(f"A sequence has {MOST_STEPS} steps at most.")
    if sum(_bytes(step) for step in steps) > BODIES_TOGETHER:
        raise ValidationFailed(f"The bodies of all steps together must stay below {BODIES_TOGETHER} bytes.")


def _bytes(step: Step) -> int:
    texts = (step.body_html, step.text, step.prompt_hint, step.notes)
    return sum(len(text.encode()) for text in texts if text is not None)


def check_has_steps(sequence: Sequence) -> None:
    """Raises ValidationFailed for a sequence with nothing to send: nobody is enrolled in it, and it does not start."""
    if not sequence.steps:
        raise ValidationFailed("There are no steps yet.")


@dataclass(frozen=True, slots=True)
class ImapAccess:
    """Where replies to a sender arrive; the password is sealed."""

    host: str
    port: int
    username: str
    sealed_password: str


class SenderKind(StrEnum):
    """What carries out a sender's steps: mails go by a server or SES, what is no mail by the tenant's own app.

    A connector is no mailbox: no caller sees one as a sender. Its `host` is the URL of the app, empty while none is
    known, its `sealed_password` the secret that requests are signed with.
    """

    SMTP = "smtp"
    SES = "ses"
    CONNECTOR = "connector"


@dataclass(frozen=True, slots=True)
class Sender:
    """An identity that sends. `sealed_password` is readable only with the tenant's and sender's context.

    After trouble with its server it rests until `resting_until`; `troubles` and `refused_logins` count those in a row,
    `trouble` says what the last one was. A disabled sender sends nothing until somebody switches it on again.

    It is in the rotation of its `sequence`; without one it sends for whoever is bound to it, as any may. `pace` is its
    own shortest and longest wait in seconds. `daily_limit` bounds its first steps, `daily_mails` the mails of all steps
    per UTC day. `fields` are only shown. `revision` counts changes. What came back before the UTC day after
    `forgiven_at`, when it was last switched on, is not held against it.
    """

    tenant: int
    number: int
    sequence: int | None
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
    user: int | None = None
    pace: tuple[int, int] | None = None
    daily_mails: int | None = None
    updated_at: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    revision: int = 0
    workspace: int | None = None
    tagged_return_path: bool = False  # bounces come to an address that says which mail they are about
    forgiven_at: int | None = None

    @property
    def is_mailbox(self) -> bool:
        """Whether it sends mails: a connector does not, and is shown to nobody as a sender."""
        return self.kind is not SenderKind.CONNECTOR
