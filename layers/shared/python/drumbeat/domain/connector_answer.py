"""What the answers of a tenant's app make of an enrollment: each changes something once, and only while it may."""

from dataclasses import dataclass, replace

from drumbeat.domain.delivery import drafted, failed, put_off, sent
from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import STOPPABLE, Awaits, Enrollment, EnrollmentState
from drumbeat.domain.errors import LateAnswer, ValidationFailed
from drumbeat.domain.sequence import Sequence, StepKind
from drumbeat.domain.token import Asked

_GOING_ON = STOPPABLE | {EnrollmentState.PARKED}
_ANSWERABLE = frozenset({EnrollmentState.ACTIVE, EnrollmentState.PAUSED})


@dataclass(frozen=True, slots=True)
class StepDone:
    """The app has done the step; where it did it, if it says so."""

    channel_urn: str | None = None
    profile_urn: str | None = None


@dataclass(frozen=True, slots=True)
class StepFailed:
    """The app could not do what it was asked for; `retry` says that it may be asked again."""

    reason: str
    retry: bool


@dataclass(frozen=True, slots=True)
class InviteAccepted:
    """The lead has accepted the invitation."""


@dataclass(frozen=True, slots=True)
class LeadReplied:
    """The lead has replied, on whatever channel."""


type Answer = Draft | StepDone | StepFailed | InviteAccepted | LeadReplied


def answered(found: Enrollment, request: Asked, answer: Answer, sequence: Sequence, now: int) -> Enrollment:
    """The enrollment after the answer; the same one if it has been given before.

    A paused one stays paused and keeps what it was told. What closes a request ends the claim of whoever asked: nothing
    is left for that one to do. Raises LateAnswer for what is out of time or was asked anew since, ValidationFailed for
    a draft that would leave a mail without a subject.
    """
    match answer:
        case InviteAccepted():
            return _accepted(found, now)
        case LeadReplied():
            return _replied(found, sequence, now)
        case Draft():
            return _drafted(found, request, answer, sequence, now)
        case StepDone():
            return _done(found, request, answer, sequence, now)
        case StepFailed():
            return _failed(found, request, answer, now)


def _done(found: Enrollment, request: Asked, done: StepDone, sequence: Sequence, now: int) -> Enrollment:
    """What is first said about where the lead is stays."""
    if _calls(found, sequence):
        raise ValidationFailed("A call ends with its result.")
    if not _is_open(found, request, {Awaits.STEP}, now):
        return _known(found, request, is_known=found.step > request.step)
    lead = replace(found.lead, profile_urn=found.lead.profile_urn or done.profile_urn)
    told = replace(_closed(found), lead=lead, channel_urn=found.channel_urn or done.channel_urn)
    return sent(told, sequence, now)


def _calls(found: Enrollment, sequence: Sequence) -> bool:
    step = sequence.steps[found.step] if found.step < len(sequence.steps) else None
    return step is not None and step.kind is StepKind.CALL and found.awaits is Awaits.STEP


def _failed(found: Enrollment, request: Asked, failure: StepFailed, now: int) -> Enrollment:
    if not _is_open(found, request, {Awaits.DRAFT, Awaits.STEP}, now):
        is_put_off = found.put_off_since is not None and found.awaits is None
        is_known = found.step == request.step and (is_put_off or found.state is EnrollmentState.FAILED)
        return _known(found, request, is_known=is_known)
    closed = _closed(found)
    return put_off(closed, failure.reason, now) if failure.retry else failed(closed, failure.reason)


def _is_open(found: Enrollment, request: Asked, awaited: set[Awaits], now: int) -> bool:
    """Whether the request waits for such an answer; from its deadline on a worker may have taken over."""
    about = Asked(found.tenant, found.key, found.step, found.epoch, found.asked)
    return found.awaits in awaited and found.state in _ANSWERABLE and about == request and now <= found.due


def _closed(found: Enrollment) -> Enrollment:
    return replace(found, awaits=None, owner=None, lease=None)


def _known(found: Enrollment, request: Asked, *, is_known: bool) -> Enrollment:
    """What an answer finds that changes nothing: it has been given, or it comes too late."""
    if is_known and (found.epoch, found.asked) == (request.epoch, request.asked):
        return found
    raise LateAnswer("This request is no longer open: its deadline has passed, it was answered, or it was made anew.")


def _drafted(found: Enrollment, request: Asked, draft: Draft, sequence: Sequence, now: int) -> Enrollment:
    if not _is_open(found, request, {Awaits.DRAFT}, now):
        return _known(found, request, is_known=found.drafted == request.step or found.step > request.step)
    step = sequence.steps[found.step] if found.step < len(sequence.steps) else None
    if step is not None and not step.subject and not draft.subject:
        raise ValidationFailed("subject: The step has none, so the draft needs one.")
    return drafted(_closed(found), now)


def _accepted(found: Enrollment, now: int) -> Enrollment:
    if found.accepted_at is not None:
        return found
    _check_goes_on(found)
    accepted = replace(found, accepted_at=now)
    return replace(_closed(accepted), due=now, remark=None) if found.awaits is Awaits.ACCEPT else accepted


def _replied(found: Enrollment, sequence: Sequence, now: int) -> Enrollment:
    if found.state is EnrollmentState.REPLIED:
        return found
    _check_goes_on(found)
    heard = found.last_reply_at
    if not sequence.exit_on_reply:
        is_news = heard is None or (found.last_sent_at is not None and heard <= found.last_sent_at)
        return replace(found, last_reply_at=now) if is_news else found
    first = now if found.replied_at is None else found.replied_at
    return replace(found, state=EnrollmentState.REPLIED, replied_at=first, last_reply_at=now)


def _check_goes_on(found: Enrollment) -> None:
    if found.state not in _GOING_ON:
        raise LateAnswer("The enrollment is over.", state=found.state.value)
