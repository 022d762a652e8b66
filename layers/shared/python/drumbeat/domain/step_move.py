"""What a worker does about an enrollment that it has claimed: facts in, the move out.

What awaits something is never sent, nor asked for again as another step, under the claim that finds it so: it is first
written that it awaits nothing. A worker that dies has then left its trace: who awaits something has got no mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState, is_mail
from drumbeat.domain.hint import Counts
from drumbeat.domain.sequence import Sender, Sequence, Step, StepCondition, StepKind
from drumbeat.domain.times import DAY
from drumbeat.domain.verdict import Passed, Unknown, Waits, Withheld

if TYPE_CHECKING:
    from drumbeat.domain.callee import Callee
    from drumbeat.domain.contact import Contact

LOOK_AGAIN = DAY
"""How long what lacks something, or waits for an acceptance, is left alone."""
ANSWERS_WITHIN = DAY
"""How long the tenant's app has to answer a request."""
MOST_DRAFT_REQUESTS = 7
"""How often a draft is asked for."""
STEP_GONE = "its step was removed from the sequence"
NO_ANSWER = "the app has not said in time whether it did the step"
NO_DRAFT = f"the app has not delivered the draft, asked {MOST_DRAFT_REQUESTS} times"
NOT_ACCEPTED_YET = "waits for the invitation to be accepted"
HAS_REPLIED = "was passed over: the lead has replied"
UNSUBSCRIBED = "was passed over: its contact must not be mailed"
_REPAIR = "give it one by a relink with retryNow"
NO_ADDRESS = f"the lead has no e-mail address: {_REPAIR}"
NO_INBOX = f"no inbox sends for it: {_REPAIR}"
NO_PROFILE = f"the lead has no LinkedIn URL or profile URN: {_REPAIR}"
NO_PHONE = "nobody knows the number to call"
NO_APP = "the sequence has no webhook URL to ask: set one, then relink with retryNow"


@dataclass(frozen=True, slots=True)
class Send:
    """The step's mail leaves to the contact."""

    step: Step
    contact: Contact


@dataclass(frozen=True, slots=True)
class Ask:
    """The tenant's app is asked for a draft, or to do the step."""

    step: Step
    awaits: Awaits
    app: Sender


type Move = Send | Ask | Passed | Waits | Withheld | Unknown
"""What to do, or what it comes to without doing anything."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the move depends on. `contact` is whom the enrollment mails, None if that one is gone or there is nobody.

    `sender` is whoever holds the lane, `app` the tenant's app where one has been named. `has_draft` tells whether the
    text of a drafted step is there. `callee` is whom it calls.
    """

    enrollment: Enrollment
    sequence: Sequence
    contact: Contact | None
    sender: Sender
    app: Sender | None
    has_draft: bool
    now: int
    callee: Callee | None = None


def next_move(at: Situation) -> Move:
    """What becomes of the enrollment now; the sequence is active, and its hours are somebody else's to look at."""
    stop = _stop(at)
    if stop is not None:
        return stop
    step = at.sequence.steps[at.enrollment.step]
    return _turn(at, step) if at.enrollment.awaits is None else _looked_at(at, step, at.enrollment.awaits)


def counts_for(move: Send | Ask) -> Counts:
    """What a slot has to count for if this is done under it."""
    if isinstance(move, Send):
        return Counts.MAIL
    return Counts.STEP if move.awaits is Awaits.STEP else Counts.NOTHING


def _stop(at: Situation) -> Withheld | None:
    # A deletion takes the callee first: what one that died half-way has left is over nonetheless.
    is_callee_gone = at.enrollment.has_callee and at.callee is None
    if is_callee_gone or (at.enrollment.contact is not None and at.contact is None):
        return Withheld(EnrollmentState.REMOVED)
    if at.sequence.exit_on_unsubscribe and _is_unsubscribed(at):
        return Withheld(EnrollmentState.UNSUBSCRIBED)
    if at.enrollment.step >= len(at.sequence.steps):
        return Withheld(EnrollmentState.FINISHED, STEP_GONE)
    return None


def _looked_at(at: Situation, step: Step, awaits: Awaits) -> Move:
    """What has come in time is no longer awaited: nothing has, or the sequence's steps are others by now."""
    match awaits:
        case Awaits.STEP:
            return Unknown(NO_ANSWER)
        case Awaits.DRAFT if _wants_draft(at, step):
            return _ask_again(at, step)
        case Awaits.ACCEPT if _is_unaccepted(at.enrollment, step):
            return _lacking(at, NOT_ACCEPTED_YET, Awaits.ACCEPT)
    return Waits(None, at.now, None)


def _turn(at: Situation, step: Step) -> Move:
    enrollment, place = at.enrollment, f"step {at.enrollment.step + 1}"
    if step.kind is StepKind.WAIT:
        return Passed()
    if not _may_follow_reply(enrollment, step):
        return Passed(f"{place} {HAS_REPLIED}")
    if _is_unaccepted(enrollment, step):
        return _lacking(at, NOT_ACCEPTED_YET, Awaits.ACCEPT)
    if step.is_of_app:
        return _channel_step(at, step)
    if _is_unsubscribed(at):
        return Passed(f"{place} {UNSUBSCRIBED}")
    return _mail(at, step)


def _mail(at: Situation, step: Step) -> Move:
    if at.contact is None or at.contact.email is None:
        can_be_repaired = at.enrollment.relinked_to is not None or at.sequence.connector is not None
        return _lacking(at, NO_ADDRESS) if can_be_repaired else Withheld(EnrollmentState.REMOVED)
    if not at.sender.is_mailbox:
        return _lacking(at, NO_INBOX)
    if not _wants_draft(at, step):
        return Send(step, at.contact)
    return _lacking(at, NO_APP) if at.app is None else Ask(step, Awaits.DRAFT, at.app)


def _channel_step(at: Situation, step: Step) -> Move:
    lead = at.enrollment.lead
    if step.is_on_linkedin and lead.linkedin_url is None and lead.profile_urn is None:
        return _lacking(at, NO_PROFILE)
    if step.kind is StepKind.CALL and at.callee is None:
        return _lacking(at, NO_PHONE)
    return _lacking(at, NO_APP) if at.app is None else Ask(step, Awaits.STEP, at.app)


def _ask_again(at: Situation, step: Step) -> Move:
    if at.enrollment.attempts + 1 >= MOST_DRAFT_REQUESTS:
        return Withheld(EnrollmentState.FAILED, NO_DRAFT)
    return Waits(None, at.now, NO_APP) if at.app is None else Ask(step, Awaits.DRAFT, at.app)


def _wants_draft(at: Situation, step: Step) -> bool:
    """Whether the step is a mail without its text; a draft that was delivered and is lost has to be written anew."""
    if not step.is_drafted:
        return False
    return not (at.has_draft and is_mail(step, at.enrollment.step, None, at.enrollment.drafted))


def _lacking(at: Situation, remark: str, awaits: Awaits | None = None) -> Waits:
    return Waits(awaits, at.now + LOOK_AGAIN, remark)


def _is_unsubscribed(at: Situation) -> bool:
    return at.contact is not None and at.contact.unsubscribed_at is not None


def _is_unaccepted(enrollment: Enrollment, step: Step) -> bool:
    return step.condition is StepCondition.AFTER_ACCEPT and enrollment.accepted_at is None


def _may_follow_reply(enrollment: Enrollment, step: Step) -> bool:
    """Whether no reply forbids the step: none at all, or none since the step before."""
    if enrollment.last_reply_at is None:
        return True
    if step.condition is StepCondition.NO_REPLY_TO_PREV:
        return enrollment.last_sent_at is not None and enrollment.last_reply_at < enrollment.last_sent_at
    return step.condition is not StepCondition.NEVER_REPLIED
