"""Where a verdict leads: the enrollment as it is after an attempt."""

from dataclasses import replace

from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState, due_after
from drumbeat.domain.sequence import Sequence, StepKind, next_turn
from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.domain.verdict import (
    Accepted,
    Asked,
    Passed,
    Postponed,
    Rejected,
    Retry,
    Unasked,
    Unknown,
    Verdict,
    Waits,
    Withheld,
)

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
_NOT_MAILED = "the step was passed over: its contact must not be mailed"


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
        case Withheld():
            return _withheld(free, verdict, sequence, now)
        case Postponed() | Passed() | Waits() | Asked() | Unasked():
            return _without_mail(free, verdict, sequence, now)


def _withheld(free: Enrollment, verdict: Withheld, sequence: Sequence, now: int) -> Enrollment:
    if verdict.state is EnrollmentState.UNSUBSCRIBED and not sequence.exit_on_unsubscribe:
        return passed(free, sequence, _NOT_MAILED, now)
    return replace(stopped(free, verdict.state, now), exit_reason=verdict.reason)


def _without_mail(
    free: Enrollment, verdict: Postponed | Passed | Waits | Asked | Unasked, sequence: Sequence, now: int
) -> Enrollment:
    match verdict:
        case Postponed(until):
            return replace(free, due=until, timed=free.step == 0)
        case Passed(reason):
            return passed(free, sequence, reason, now)
        case Waits(awaits, until, remark):
            return replace(free, awaits=awaits, due=until, timed=free.step == 0, remark=remark, anytime=False)
        case Asked(awaits, deadline, doubt):
            return replace(asked(free, awaits, deadline), remark=doubt)
        case Unasked(reason):
            return put_off(free, reason, now)


def asked(enrollment: Enrollment, awaits: Awaits, deadline: int) -> Enrollment:
    """The enrollment that waits for the answer to a new request; one for a draft counts the unanswered one before.

    An app that takes requests and then puts them off is given up like one that takes none.
    """
    is_silent = enrollment.awaits is Awaits.DRAFT
    waiting = replace(
        enrollment,
        awaits=awaits,
        asked=enrollment.asked + 1,
        due=deadline,
        timed=enrollment.step == 0,
        anytime=False,
    )
    return replace(waiting, attempts=enrollment.attempts + 1, put_off_since=None) if is_silent else waiting


def passed(enrollment: Enrollment, sequence: Sequence, reason: str | None, now: int) -> Enrollment:
    """The enrollment whose step was passed over at `now`, from when the next one's delay counts."""
    return replace(_ahead(enrollment, sequence, now), remark=enrollment.remark if reason is None else reason)


def drafted(enrollment: Enrollment, now: int) -> Enrollment:
    """The enrollment whose step has its text now: the mail is due at once."""
    known = replace(enrollment, awaits=None, drafted=enrollment.step, remark=None)
    return replace(known, attempts=0, put_off_since=None, due=now, timed=enrollment.step == 0)


def failed(enrollment: Enrollment, reason: str) -> Enrollment:
    """The enrollment whose step the tenant's app cannot do, for good."""
    why = reason[:_REASON_LENGTH]
    return replace(enrollment, state=EnrollmentState.FAILED, awaits=None, exit_reason=why)


def put_off(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """The step that the tenant's app could not be asked for, or could not do yet: later, for three days at most.

    The pause grows with the time it has been put off for, as `attempts` counts the drafts that nobody delivered.
    """
    since = now if enrollment.put_off_since is None else enrollment.put_off_since
    due = now + max(FIRST_RETRY, min(now - since, LONGEST_RETRY))
    if due > since + GIVE_UP_AFTER:
        return failed(enrollment, f"gave up after three days: {reason}")
    why = reason[:_REASON_LENGTH]
    later = replace(enrollment, due=due, put_off_since=since, timed=enrollment.step == 0, anytime=False)
    return replace(later, awaits=None, remark=why)


def stopped(enrollment: Enrollment, state: EnrollmentState, now: int) -> Enrollment:
    """The enrollment taken out of its sequence for another reason than a verdict."""
    unsubscribed_at = now if state is EnrollmentState.UNSUBSCRIBED else enrollment.unsubscribed_at
    return replace(enrollment, state=state, owner=None, lease=None, awaits=None, unsubscribed_at=unsubscribed_at)


def bounced(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """The enrollment whose mail will not arrive."""
    return replace(enrollment, state=EnrollmentState.BOUNCED, bounced_at=now, bounce_reason=reason)


def parked(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    """The enrollment whose mail may or may not have left: it waits for somebody to decide (`domain.resolution`)."""
    state, why = EnrollmentState.PARKED, reason[:_REASON_LENGTH]
    return replace(enrollment, state=state, owner=None, lease=None, parked_at=now, parked_reason=why)


def sent(enrollment: Enrollment, sequence: Sequence, now: int) -> Enrollment:
    """The enrollment whose step was done at `now`, by mail or otherwise: on to the next one, or finished."""
    first = now if enrollment.sent_at is None else enrollment.sent_at
    return replace(_ahead(enrollment, sequence, now), sent_at=first, last_sent_at=now, remark=None)


def last_mail(enrollment: Enrollment, sequence: Sequence) -> int | None:
    """The index of the last step before its next one that is a mail, if anything of it was done; None without one."""
    behind = enumerate(sequence.steps[: enrollment.step])
    mails = [index for index, step in behind if step.kind is StepKind.EMAIL]
    return mails[-1] if mails and enrollment.last_sent_at is not None else None


def _ahead(enrollment: Enrollment, sequence: Sequence, now: int) -> Enrollment:
    """Past its step, with nothing left of what was tried about it."""
    fresh = replace(enrollment, attempts=0, put_off_since=None, timed=False, awaits=None, drafted=None, anytime=False)
    index = enrollment.step + 1
    if index >= len(sequence.steps):
        return replace(fresh, step=index, state=EnrollmentState.FINISHED)
    turn, minutes = next_turn(sequence.steps, index)
    return replace(fresh, step=turn, due=due_after(now, minutes, sequence.hours, fresh.zone))


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
