"""Enrollments: one contact's way through one sequence, and where each verdict leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.domain.schedule import Hours, next_open
from drumbeat.domain.sequence import Step, StepKind
from drumbeat.domain.times import HOUR, MINUTE

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey

ANYTIME_FOR = HOUR
"""How long after its time somebody may be called outside the hours, where that was asked for."""
PRIORITY_CREATED_AT = 946_684_800_000  # 2000-01-01: sorts first within its batch (contract 2.6 rule 6)


class EnrollmentState(StrEnum):
    """Only `ACTIVE` ever sends. `PARKED` waits for a decision, `PAUSED` for somebody to resume it, and `HELD` to be let
    in by its sequence's throttle, `WAITING` for another of its call group to end; every other state is final. `FAILED`:
    the tenant's app could not do a step, for good. A `DELETED` one is shown to nobody and keeps the place of its run.
    """

    ACTIVE = "active"
    HELD = "held"
    PAUSED = "paused"
    FINISHED = "finished"
    REPLIED = "replied"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    REMOVED = "removed"
    PARKED = "parked"
    DELETED = "deleted"
    FAILED = "failed"
    WAITING = "waiting"


STOPPABLE = frozenset({EnrollmentState.ACTIVE, EnrollmentState.HELD, EnrollmentState.PAUSED, EnrollmentState.WAITING})
"""What a stop takes out: everything that sends, or may send some day without anybody deciding about a mail."""
ENGAGED = STOPPABLE | {EnrollmentState.PARKED, EnrollmentState.BOUNCED}
"""What counts as being in a sequence when somebody is added to it or to another one (contract 1.6)."""

OVER = frozenset(
    {
        EnrollmentState.FINISHED,
        EnrollmentState.REPLIED,
        EnrollmentState.BOUNCED,
        EnrollmentState.UNSUBSCRIBED,
        EnrollmentState.REMOVED,
        EnrollmentState.FAILED,
    }
)
"""What has come to its end and is still shown: nothing of it changes any more."""

LET_IN = frozenset({EnrollmentState.ACTIVE, EnrollmentState.PAUSED, EnrollmentState.PARKED})
"""What takes a place of its sequence's throttle: let in, and not over."""


class Awaits(StrEnum):
    """What an enrollment waits for before its step can go on."""

    DRAFT = "draft"  # the text of a mail, from the tenant's app
    STEP = "step"  # word from the tenant's app that it has done the step
    ACCEPT = "accept"  # the acceptance of an invitation


@dataclass(frozen=True, slots=True)
class Lead:
    """Who the contact is to the tenant's own records and on LinkedIn; `session` is the account that acts there."""

    external_id: str | None = None
    name: str | None = None
    linkedin_url: str | None = None
    profile_urn: str | None = None
    session: str | None = None


NO_LEAD = Lead()


@dataclass(frozen=True, slots=True)
class Enrollment:
    """The stored state of an enrollment.

    `step` is the index of the next step, `due` the instant from which it may leave. `owner` and `lease` are set while a
    worker is sending. `epoch` grows when the enrollment is restarted, so that old messages mean nothing. `batch_tag`
    names the call that made it: a repeated call finds its own work again. `parked_reason` is set while parked;
    `parked_at`, when it last was, outlasts that. `zone` is the contact's at the time of enrolling. A `timed` first step
    waits for an instant of its own instead of its turn. `put_off_since` is when its mail was first put off. `thread` is
    the Message-ID of its first mail. A `bound` one is sent by its `sender` from the first step on, and by nobody else.
    `held_at` tells since when it waited to be let in, and stays; `paused_at` and `paused_reason` are set while paused,
    and on a waiting one that shall be when its turn comes; `finished_at` is set where somebody finished it.

    `relinked_to` is the contact that is mailed in place of the key's, 0 for nobody. While it `awaits` something, `due`
    is when that is looked at. `asked` numbers the requests to the tenant's app: only the last one may be answered.
    `drafted` is the step whose draft has been delivered. `exit_reason` says why it ended, where that needs saying;
    `remark` why the last attempt came to nothing, or which step was passed over. `channel_urn` is the conversation on
    LinkedIn. One that `has_context` has an item beside it of what the tenant's app is told about the lead.

    One that `has_callee` has an item beside it of whom it calls. `group` is the digest of its call group, `hold` the
    credits that are set aside for its first call. `succeeded_at` is when a call of it first reached its goal,
    `last_call` the number `asked` of the last call whose result is noted. One that may be called `anytime` need not
    wait for hours once (`is_anytime`).

    `correlation_id` is that of the request that made it, for the log.

    `marks` are the signals about its mails (`domain.mail_signal`), each with the instant it was first noted; whatever
    becomes of the enrollment, none is taken away.
    """

    tenant: int
    key: EnrollmentKey
    state: EnrollmentState
    step: int
    due: int
    epoch: int
    batch_number: int
    batch_tag: str
    created_at: int
    sender: int | None = None
    attempts: int = 0
    owner: str | None = None
    lease: int | None = None
    sent_at: int | None = None
    last_sent_at: int | None = None
    opened_at: int | None = None
    replied_at: int | None = None
    bounced_at: int | None = None
    bounce_reason: str | None = None
    unsubscribed_at: int | None = None
    parked_at: int | None = None
    parked_reason: str | None = None
    zone: str | None = None
    timed: bool = False
    put_off_since: int | None = None
    thread: str | None = None
    bound: bool = False
    held_at: int | None = None
    paused_at: int | None = None
    paused_reason: str | None = None
    finished_at: int | None = None
    lead: Lead = NO_LEAD
    relinked_to: int | None = None
    awaits: Awaits | None = None
    asked: int = 0
    drafted: int | None = None
    accepted_at: int | None = None
    last_reply_at: int | None = None
    exit_reason: str | None = None
    remark: str | None = None
    channel_urn: str | None = None
    has_context: bool = False
    has_callee: bool = False
    group: str | None = None
    hold: int | None = None
    succeeded_at: int | None = None
    last_call: int | None = None
    anytime: bool = False
    correlation_id: str | None = None
    marks: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def contact(self) -> int | None:
        """The contact that is mailed, None if there is nobody to mail; who was enrolled stays in the key."""
        return self.key.contact if self.relinked_to is None else self.relinked_to or None

    @property
    def is_deleted(self) -> bool:
        """Whether somebody has taken it away: only the place of its run is left."""
        return self.state is EnrollmentState.DELETED


def is_over(enrollment: Enrollment) -> bool:
    """Whether nothing will come of it any more, shown or not."""
    return enrollment.state in OVER or enrollment.is_deleted


def may_go_on(enrollment: Enrollment) -> bool:
    """Whether it sends, or may some day without anybody deciding: also who is in doubt about a call that may yet end.

    A call's result is never too late, so that a stop has to reach whoever waits for one.
    """
    in_doubt = enrollment.state is EnrollmentState.PARKED and enrollment.awaits is Awaits.STEP and enrollment.has_callee
    return enrollment.state in STOPPABLE or in_doubt


def is_mail(step: Step, index: int, awaits: Awaits | None, drafted: int | None) -> bool:
    """Whether what is done next about the step at `index` is a mail: its turn has come, and its text is there."""
    has_text = not step.is_drafted or drafted == index
    return step.kind is StepKind.EMAIL and awaits is None and has_text


def is_anytime(may_be: bool, due: int, instant: int) -> bool:
    """Whether what `may_be` called outside the hours still is at `instant`: its time was asked for, not any time."""
    return may_be and instant <= due + ANYTIME_FOR


class Progress(StrEnum):
    """How far an enrollment has come, as contract 2.5 names it."""

    PENDING = "pending"
    SENT = "sent"
    OPENED = "opened"
    REPLIED = "replied"
    BOUNCED = "bounced"


def progress(enrollment: Enrollment) -> Progress:
    """The furthest stage reached; a bounce outranks all, whatever order the signals came in."""
    if enrollment.bounced_at is not None:
        return Progress.BOUNCED
    if enrollment.replied_at is not None:
        return Progress.REPLIED
    if enrollment.opened_at is not None and enrollment.sent_at is not None:
        return Progress.OPENED
    return Progress.PENDING if enrollment.sent_at is None else Progress.SENT


def new_enrollment(
    tenant: int,
    key: EnrollmentKey,
    *,
    batch_number: int,
    batch_tag: str,
    now: int,
    due: int | None = None,
    zone: str | None = None,
    priority: bool = False,
    bound_to: int | None = None,
) -> Enrollment:
    """An enrollment that waits for its first step, from `due` on or at once; `zone` is the contact's.

    `bound_to` is the sender that alone shall send it.
    """
    return Enrollment(
        tenant=tenant,
        key=key,
        state=EnrollmentState.ACTIVE,
        step=0,
        due=now if due is None else due,
        epoch=0,
        batch_number=batch_number,
        batch_tag=batch_tag,
        created_at=PRIORITY_CREATED_AT if priority else now,
        zone=zone,
        timed=due is not None and due > now,
        sender=bound_to,
        bound=bound_to is not None,
    )


def next_due(sent_at: int, step: Step, hours: Hours | None, zone: str | None) -> int:
    """When `step` may leave: its delay after the previous step's completion, or when `hours` next open in `zone`."""
    return due_after(sent_at, step.delay_minutes, hours, zone)


def due_after(instant: int, minutes: int, hours: Hours | None, zone: str | None) -> int:
    """When a step may leave that follows `instant` by these minutes: then, or when `hours` next open in `zone`."""
    return next_open(instant + minutes * MINUTE, hours, zone)
