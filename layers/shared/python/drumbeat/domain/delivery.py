"""Where a verdict leads: the enrollment as it is after an attempt."""

from dataclasses import replace

from drumbeat.domain.enrollment import Enrollment, EnrollmentState, next_due
from drumbeat.domain.sequence import Sequence
from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.domain.verdict import Accepted, Rejected, Retry, Unknown, Verdict, Withheld

LEASE = 5 * MINUTE
"""How long a claim holds: more than twice the longest SMTP dialogue."""
FIRST_RETRY = 5 * MINUTE
LONGEST_RETRY = 4 * HOUR
GIVE_UP_AFTER = 23
"""Attempts after which a put-off mail counts as bounced: with these pauses, some three days."""
_SENDER_TROUBLE_CAP = 4
_REASON_LENGTH = 200
WORKER_DIED = "the worker died while sending"


def after(enrollment: Enrollment, verdict: Verdict, sequence: Sequence, sender: int, now: int) -> Enrollment:
    """The claimed enrollment after an attempt by `sender` that ended with `verdict` at `now`; its claim is over."""
    free = replace(enrollment, owner=None, lease=None)
    match verdict:
        case Accepted():
            return sent(replace(free, sender=sender, attempts=0), sequence, now)
        case Rejected(code, text):
            return bounced(free, f"{code} {text}".strip(), now)
        case Retry():
            return _put_off(free, verdict, now)
        case Unknown(reason):
            return parked(free, reason, now)
        case Withheld(state):
            return stopped(free, state, now)


def stopped(enrollment: Enrollment, state: EnrollmentState, now: int) -> Enrollment:
    """The enrollment taken out of its sequence for another reason than a verdict."""
    unsubscribed_at = now if state is EnrollmentState.UNSUBSCRIBED else enrollment.unsubscribed_at
    return replace(enrollment, state=state, owner=None, lease=None, unsubscribed_at=unsubscribed_at)


def bounced(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """The enrollment whose mail will not arrive."""
    return replace(enrollment, state=EnrollmentState.BOUNCED, bounced_at=now, bounce_reason=reason)


def parked(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """The enrollment whose mail may or may not have left: it waits for somebody to decide (`domain.resolution`)."""
    state, why = EnrollmentState.PARKED, reason[:_REASON_LENGTH]
    return replace(enrollment, state=state, owner=None, lease=None, parked_at=now, parked_reason=why)


def sent(enrollment: Enrollment, sequence: Sequence, now: int) -> Enrollment:
    """The enrollment whose step was accepted at `now`: on to the next one, or finished."""
    first = now if enrollment.sent_at is None else enrollment.sent_at
    ahead = replace(enrollment, step=enrollment.step + 1, sent_at=first, last_sent_at=now)
    if ahead.step < len(sequence.steps):
        return replace(ahead, due=next_due(now, sequence.steps[ahead.step], sequence.hours, ahead.zone))
    return replace(ahead, state=EnrollmentState.FINISHED)


def _put_off(enrollment: Enrollment, verdict: Retry, now: int) -> Enrollment:
    """Later, with a growing pause. Trouble with the sender never uses up a contact's attempts."""
    attempts = enrollment.attempts + 1
    if verdict.sender_at_fault:
        attempts = max(enrollment.attempts, min(attempts, _SENDER_TROUBLE_CAP))
    elif attempts >= GIVE_UP_AFTER:
        reason = f"gave up after {attempts} attempts: {verdict.reason}"
        return bounced(replace(enrollment, attempts=attempts), reason, now)
    pause = min(FIRST_RETRY << min(enrollment.attempts, 16), LONGEST_RETRY)
    return replace(enrollment, attempts=attempts, due=now + pause)
