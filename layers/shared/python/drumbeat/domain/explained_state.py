"""Why an enrollment sends nothing at the moment, as far as it says so itself."""

from dataclasses import dataclass
from enum import StrEnum

from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState
from drumbeat.domain.times import iso


class Code(StrEnum):
    """What a client can act on; the values are part of the API."""

    FINISHED = "finished"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    REPLIED = "replied"
    FAILED = "failed"
    PARKED = "parked"
    PAUSED = "paused"
    HELD = "held"
    WAITING_FOR_ITS_GROUP = "waiting_for_its_group"
    DELETED = "deleted"
    CONTACT_GONE = "contact_gone"
    SUPPRESSED = "suppressed"
    SEQUENCE_PENDING = "sequence_pending"
    SEQUENCE_PAUSED = "sequence_paused"
    NO_SENDER = "no_sender"
    SENDER_DISABLED = "sender_disabled"
    SENDER_RESTING = "sender_resting"
    DAILY_LIMIT = "daily_limit"
    SENDER_CAP = "sender_cap"
    SEQUENCE_CAP = "sequence_cap"
    OUTSIDE_HOURS = "outside_hours"
    NOT_DUE = "not_due"
    AWAITS_ANSWER = "awaits_answer"
    AWAITS_ACCEPTANCE = "awaits_acceptance"
    SLOT_MISSED = "slot_missed"
    BEING_SENT = "being_sent"
    CLAIM_LAPSED = "claim_lapsed"
    WAITING_FOR_ITS_TURN = "waiting_for_its_turn"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that holds a mail back; `message` is for a person."""

    code: Code
    message: str


_OVER = {
    EnrollmentState.FINISHED: Reason(Code.FINISHED, "Every step of the sequence has been sent."),
    EnrollmentState.HELD: Reason(Code.HELD, "It waits for its sequence's throttle to let it in."),
    EnrollmentState.WAITING: Reason(
        Code.WAITING_FOR_ITS_GROUP,
        "Another of its call group comes first: it goes on if that one has no success.",
    ),
    EnrollmentState.DELETED: Reason(Code.DELETED, "The enrollment has been deleted."),
    EnrollmentState.UNSUBSCRIBED: Reason(Code.UNSUBSCRIBED, "The contact has unsubscribed."),
    EnrollmentState.REPLIED: Reason(Code.REPLIED, "The contact has replied."),
    EnrollmentState.REMOVED: Reason(Code.CONTACT_GONE, "The contact has been deleted."),
}


def over(enrollment: Enrollment) -> Reason:
    """Why an enrollment that is not active sends nothing."""
    if enrollment.state is EnrollmentState.BOUNCED:
        return Reason(Code.BOUNCED, f"The mail will not arrive: {enrollment.bounce_reason or 'no reason was given'}.")
    if enrollment.state is EnrollmentState.PARKED:
        return _in_doubt(enrollment)
    if enrollment.state is EnrollmentState.PAUSED:
        return Reason(Code.PAUSED, f"It is {enrollment.paused_reason or 'paused'}: it goes on when it is resumed.")
    if enrollment.state is EnrollmentState.FINISHED:
        return _finished(enrollment)
    if enrollment.state is EnrollmentState.FAILED:
        return Reason(Code.FAILED, f"The tenant's app could not do it: {enrollment.exit_reason or 'nobody said why'}.")
    return _OVER[enrollment.state]


def _in_doubt(enrollment: Enrollment) -> Reason:
    why = enrollment.parked_reason or "no reason was given"
    what = "the mail has left" if enrollment.awaits is None else "the tenant's app has done the step"
    return Reason(Code.PARKED, f"Nobody knows whether {what} ({why}): decide in unknown_sends.")


def _finished(enrollment: Enrollment) -> Reason:
    if enrollment.finished_at is not None:
        why = "" if enrollment.exit_reason is None else f": {enrollment.exit_reason}"
        return Reason(Code.FINISHED, f"Somebody has finished it at {iso(enrollment.finished_at)}{why}.")
    if enrollment.exit_reason is not None:
        return Reason(Code.FINISHED, f"It is over: {enrollment.exit_reason}.")
    return _OVER[EnrollmentState.FINISHED]


def claimed(enrollment: Enrollment, now: int) -> Reason:
    """What becomes of the claim on an enrollment."""
    if (enrollment.lease or 0) > now:
        return Reason(Code.BEING_SENT, "A worker is sending it at this moment.")
    return Reason(Code.CLAIM_LAPSED, "The worker that was sending it has died: it will be parked when next looked at.")


def expected(enrollment: Enrollment) -> Reason:
    """What an enrollment waits for until it is due."""
    until = iso(enrollment.due)
    match enrollment.awaits:
        case Awaits.DRAFT:
            return Reason(Code.AWAITS_ANSWER, f"The tenant's app has until {until} to deliver the draft.")
        case Awaits.STEP:
            return Reason(Code.AWAITS_ANSWER, f"The tenant's app has until {until} to say that it did the step.")
        case Awaits.ACCEPT:
            return Reason(Code.AWAITS_ACCEPTANCE, f"The invitation has not been accepted: looked at again at {until}.")
    return Reason(Code.NOT_DUE, f"It is due at {until}{_why_then(enrollment)}.")


def _why_then(enrollment: Enrollment) -> str:
    if enrollment.remark is not None:
        return f": {enrollment.remark}"
    if enrollment.attempts:
        return f", put off {enrollment.attempts} times by the server or the connection"
    return ", when its hours open" if enrollment.timed else ""
