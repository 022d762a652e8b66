"""Why an enrollment's next mail has not left yet, and when it can: facts in, reasons out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.lane import Lane
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus
from drumbeat.domain.times import DAY, iso, utc_day

MOST_COUNTED = 1_000


class Code(StrEnum):
    """What a client can act on; the values are part of the API."""

    FINISHED = "finished"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    REPLIED = "replied"
    PARKED = "parked"
    CONTACT_GONE = "contact_gone"
    SUPPRESSED = "suppressed"
    SEQUENCE_PENDING = "sequence_pending"
    SEQUENCE_PAUSED = "sequence_paused"
    NO_SENDER = "no_sender"
    SENDER_DISABLED = "sender_disabled"
    DAILY_LIMIT = "daily_limit"
    NOT_DUE = "not_due"
    BEING_SENT = "being_sent"
    CLAIM_LAPSED = "claim_lapsed"
    WAITING_FOR_ITS_TURN = "waiting_for_its_turn"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that holds a mail back; `message` is for a person."""

    code: Code
    message: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is looked at. `senders` are those that may send the next step, `lanes` theirs, as far as there are any.

    `in_front` counts what leaves before it in its queue, up to one more than `MOST_COUNTED`; 0 where nobody counted.
    """

    enrollment: Enrollment
    sequence: Sequence
    contact: Contact | None
    suppressed: bool
    now: int
    senders: tuple[Sender, ...] = ()
    lanes: Mapping[int, Lane] = field(default_factory=dict)
    in_front: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer. `not_before` is None where no time can be told: somebody has to do something first, or it is over."""

    enrollment: Enrollment
    next_step: int | None
    due_at: int | None
    not_before: int | None
    reasons: tuple[Reason, ...]


_OVER = {
    EnrollmentState.FINISHED: Reason(Code.FINISHED, "Every step of the sequence has been sent."),
    EnrollmentState.UNSUBSCRIBED: Reason(Code.UNSUBSCRIBED, "The contact has unsubscribed."),
    EnrollmentState.REPLIED: Reason(Code.REPLIED, "The contact has replied."),
    EnrollmentState.REMOVED: Reason(Code.CONTACT_GONE, "The contact has been deleted."),
}


def explain(facts: Facts) -> Explanation:
    """Why the next mail has not left yet: all that holds it back, or that nothing does."""
    enrollment = facts.enrollment
    position = enrollment.step + 1 if enrollment.step < len(facts.sequence.steps) else None
    if enrollment.state is not EnrollmentState.ACTIVE:
        next_step = position if enrollment.state is EnrollmentState.PARKED else None
        return Explanation(enrollment, next_step, None, None, (_over(enrollment),))
    if position is None:
        return Explanation(enrollment, None, None, None, (_OVER[EnrollmentState.FINISHED],))
    if enrollment.owner is not None:
        return Explanation(enrollment, position, enrollment.due, None, (_claimed(enrollment, facts.now),))
    stops = tuple(_stops(facts))
    waits = tuple(_waits(facts))
    reasons = stops + waits or (Reason(Code.READY, "Nothing holds it back: it leaves with its sender's next slot."),)
    return Explanation(enrollment, position, enrollment.due, None if stops else _not_before(facts), reasons)


def is_up(enrollment: Enrollment, now: int) -> bool:
    """Whether it stands in its queue and could leave: only then does it matter how many are in front of it."""
    return enrollment.state is EnrollmentState.ACTIVE and enrollment.owner is None and enrollment.due <= now


def _over(enrollment: Enrollment) -> Reason:
    if enrollment.state is EnrollmentState.BOUNCED:
        return Reason(Code.BOUNCED, f"The mail will not arrive: {enrollment.bounce_reason or 'no reason was given'}.")
    if enrollment.state is EnrollmentState.PARKED:
        why = enrollment.parked_reason or "no reason was given"
        return Reason(Code.PARKED, f"Nobody knows whether the mail has left ({why}): decide in unknown_sends.")
    return _OVER[enrollment.state]


def _claimed(enrollment: Enrollment, now: int) -> Reason:
    if (enrollment.lease or 0) > now:
        return Reason(Code.BEING_SENT, "A worker is sending it at this moment.")
    return Reason(Code.CLAIM_LAPSED, "The worker that was sending it has died: it will be parked when next looked at.")


def _stops(facts: Facts) -> Iterator[Reason]:
    """What does not pass by itself."""
    if facts.contact is None:
        yield Reason(Code.CONTACT_GONE, "The contact has been deleted.")
    elif facts.suppressed or facts.contact.unsubscribed_at is not None:
        yield Reason(Code.SUPPRESSED, "The contact or its address must not be mailed.")
    if facts.sequence.status is SequenceStatus.PENDING:
        yield Reason(Code.SEQUENCE_PENDING, "The sequence has not been started.")
    if facts.sequence.status is SequenceStatus.PAUSED:
        yield Reason(Code.SEQUENCE_PAUSED, "The sequence is paused.")
    if not facts.senders:
        yield Reason(Code.NO_SENDER, "The sequence has no sender.")
    elif not _working(facts):
        yield Reason(Code.SENDER_DISABLED, "Every sender that could send it is switched off.")


def _waits(facts: Facts) -> Iterator[Reason]:
    """What passes with time."""
    enrollment, now = facts.enrollment, facts.now
    if enrollment.due > now:
        yield Reason(Code.NOT_DUE, f"It is due at {iso(enrollment.due)}{_tried(enrollment)}.")
    if _slot(facts) is not None:
        return
    full = [_is_full(facts, sender) for sender in _working(facts)]
    if full and all(full):
        yield Reason(Code.DAILY_LIMIT, f"The daily limit of first steps is reached until {iso(_midnight(now))}.")
    if is_up(enrollment, now) and facts.in_front > 0:
        many = f"more than {MOST_COUNTED}" if facts.in_front > MOST_COUNTED else str(facts.in_front)
        yield Reason(Code.WAITING_FOR_ITS_TURN, f"In front of it in its queue: {many}.")


def _tried(enrollment: Enrollment) -> str:
    return f", put off {enrollment.attempts} times by the server or the connection" if enrollment.attempts else ""


def _working(facts: Facts) -> list[Sender]:
    return [sender for sender in facts.senders if sender.disabled_at is None]


def _is_full(facts: Facts, sender: Sender) -> bool:
    """Whether the sender's limit is used up for today; follow-ups do not count against it, nor wait for it."""
    lane = facts.lanes.get(sender.number)
    if facts.enrollment.step > 0:
        return False
    used = 0 if lane is None else lane.first_steps(utc_day(facts.now))
    return used >= sender.daily_limit


def _slot(facts: Facts) -> int | None:
    """The slot that was handed out for the step, if a hint is on its way."""
    errand = facts.enrollment.key, facts.enrollment.step, facts.enrollment.epoch
    held = [entry for lane in facts.lanes.values() for entry in lane.reserved if entry.errand == errand]
    return min((entry.at for entry in held if entry.until > facts.now), default=None)


def _not_before(facts: Facts) -> int | None:
    """The earliest instant at which one of its senders could send it, were nobody in front of it."""
    slot = _slot(facts)
    if slot is not None:
        return max(facts.now, facts.enrollment.due, slot)
    free = [max(_next_free(facts, sender), facts.now, facts.enrollment.due) for sender in _working(facts)]
    return min(free, default=None)


def _next_free(facts: Facts, sender: Sender) -> int:
    lane = facts.lanes.get(sender.number)
    free = 0 if lane is None else lane.next_free
    return max(free, _midnight(facts.now)) if _is_full(facts, sender) else free


def _midnight(now: int) -> int:
    return (utc_day(now) + 1) * DAY
