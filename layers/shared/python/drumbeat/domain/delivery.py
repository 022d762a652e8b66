"""Where a verdict leads: the enrollment as it is after an attempt."""

from dataclasses import replace

from drumbeat.domain.enrollment import Enrollment, EnrollmentState, next_due
from drumbeat.domain.sequence import Sequence
from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.domain.verdict import Accepted, Postponed, Rejected, Retry, Unknown, Verdict, Withheld

LEASE = 5 * MINUTE
"""How long a claim holds: more than twice the longest SMTP dialogue."""
FIRST_RETRY = 5 * MINUTE
LONGEST_RETRY = 4 * HOUR
GIVE_UP_AFTER = 72 * HOUR
"""How long a mail is put off before it counts as bounced (reliability F-52)."""
_REASON_LENGTH = 160
_THREAD_LENGTH = 160
"""A longer Message-ID is not kept, so that an enrollment stays one write unit; its follow-ups are not threaded."""
WORKER_DIED = "the worker died while sending"


def after(enrollment: Enrollment, verdict: Verdict, sequence: Sequence, sender: int, now: int) -> Enrollment:
    """The claimed enrollment after an attempt by `sender` that ended with `verdict` at `now`; its claim is over."""
    free = replace(enrollment, owner=None, lease=None)
    match verdict:
        case Accepted(message_id):
            return sent(replace(free, sender=sender, thread=_thread(free, message_id)), sequence, now)
        case Rejected(code, text):
            return bounced(free, f"{code} {text}".strip()[:_REASON_LENGTH], now)
        case Retry():
            return _put_off(free, verdict, now)
        case Unknown(reason):
            return parked(free, reason, now)
        case Withheld(state):
            return stopped(free, state, now)
        case Postponed(until):
            return replace(free, due=until, timed=free.step == 0)


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
    fresh = replace(enrollment, attempts=0, put_off_since=None, timed=False)
    ahead = replace(fresh, step=enrollment.step + 1, sent_at=first, last_sent_at=now)
    if ahead.step < len(sequence.steps):
        return replace(ahead, due=next_due(now, sequence.steps[ahead.step], sequence.hours, ahead.zone))
    return replace(ahead, state=EnrollmentState.FINISHED)


def abandoned(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """A stopped enrollment whose worker died: it stays stopped, and what nobody knows about its mail is noted."""
    return replace(enrollment, owner=None, lease=None, parked_at=now, parked_reason=reason)


def _put_off(enrollment: Enrollment, verdict: Retry, now: int) -> Enrollment:
    """Later, with a growing pause, for three days at most."""
    since = now if enrollment.put_off_since is None else enrollment.put_off_since
    attempts = enrollment.attempts + 1
    due = now + min(FIRST_RETRY << min(enrollment.attempts, 16), LONGEST_RETRY)
    if due > since + GIVE_UP_AFTER:
        reason = f"gave up after {attempts} attempts: {verdict.reason}"[:_REASON_LENGTH]
        return bounced(replace(enrollment, attempts=attempts), reason, now)
    return replace(enrollment, attempts=attempts, due=due, put_off_since=since, timed=enrollment.step == 0)


def _thread(enrollment: Enrollment, message_id: str | None) -> str | None:
    if enrollment.thread is not None or message_id is None or len(message_id) > _THREAD_LENGTH:
        return enrollment.thread
    return message_id
