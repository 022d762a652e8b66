"""What an answer to a mail makes of its enrollment: a reply ends it, somebody's absence holds it.

Answers come late, more than once and in any order with other signals. A bounce outranks a reply, and a reply outranks
every other end, so whatever the order, the end is the same (I10).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of, signal_of
from drumbeat.domain.resolution import Decision, resolved
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, date_of, day_of, instant_of, local_time, next_open
from drumbeat.domain.times import DAY, HOUR

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence

DAYS_WITHOUT_DATE = 3
"""Business days that an absence is taken to last, if it does not say until when."""
LONGEST_HOLD = 60 * DAY
_OUTRANKS_REPLY = frozenset({EnrollmentState.BOUNCED, EnrollmentState.REMOVED, EnrollmentState.DELETED})
_MAY_BE_HELD = frozenset({EnrollmentState.ACTIVE, EnrollmentState.PAUSED})
_ANYWHERE = Hours(BUSINESS_HOURS, "UTC")


class Answered(NamedTuple):
    """Which mail was answered, by its step and who sent it, and when the answer arrived."""

    step: int
    sender: int
    at: int


def replied(found: Enrollment, answer: Answered, sequence: Sequence) -> Enrollment:
    """The enrollment after a reply to one of its mails; the same one if a reply to this mail is known.

    A sequence that goes on without regard to replies only notes when the last one came.
    """
    if _is_known(found, SignalKind.REPLIED, answer.step):
        return found
    marked = _marked(_settled(found, answer, sequence), SignalKind.REPLIED, answer)
    heard = replace(marked, last_reply_at=_latest(found.last_reply_at, answer.at))
    if not sequence.exit_on_reply:
        return heard
    first = answer.at if found.replied_at is None else min(found.replied_at, answer.at)
    if heard.state in _OUTRANKS_REPLY:
        return replace(heard, replied_at=first)
    over = replace(heard, state=EnrollmentState.REPLIED, replied_at=first)
    return replace(over, awaits=None, paused_at=None, paused_reason=None)


def held_off(
    found: Enrollment, answer: Answered, sequence: Sequence, back_on: date | None, *, gone: bool
) -> Enrollment:
    """The enrollment after somebody's absence was told: its next mail waits for their return and a business day more.

    Several absences only ever push it further. What waits for the tenant's app rather than for its time is not held.
    """
    marked = found
    if not _is_known(found, SignalKind.OUT_OF_OFFICE, answer.step):
        marked = _marked(found, SignalKind.OUT_OF_OFFICE, answer)
    settled = _settled(marked, answer, sequence)
    if settled.state not in _MAY_BE_HELD or settled.awaits is not None:
        return settled
    until = held_until(answer.at, back_on, sequence.hours, settled.zone, gone=gone)
    if until <= settled.due:
        return settled
    return replace(settled, due=until, timed=settled.timed or settled.step == 0, anytime=False)


def held_until(at: int, back_on: date | None, hours: Hours | None, zone: str | None, *, gone: bool) -> int:
    """The opening on the business day after the return; after three of them where none is named, never beyond 60 days.

    Business days are those on which the hours open, Mondays to Fridays without any. Somebody who is `gone` for good is
    left alone for as long as can be.
    """
    clock = hours or _ANYWHERE
    zone = zone or clock.zone
    last = next_open(at + LONGEST_HOLD, clock, zone)
    if gone:
        return last
    today = day_of(local_time(at, zone).date())
    if back_on is None:
        day = _business_day(today, DAYS_WITHOUT_DATE, clock)
    else:
        day = _business_day(max(today, min(day_of(back_on), today + LONGEST_HOLD // DAY)), 1, clock)
    midnight = datetime.combine(date_of(day), datetime.min.time())
    return min(next_open(instant_of(midnight, zone), clock, zone), last)


def hours_to_reply(enrollment: Enrollment) -> float | None:
    """How many hours passed between a mail and the first reply, to two decimals; None without a reply.

    It is the mail that was answered where its time is kept, which goes for the first and the last one, else the first.
    """
    if enrollment.replied_at is None or enrollment.sent_at is None:
        return None
    since = enrollment.sent_at
    if _answered_step(enrollment) == enrollment.step - 1 and enrollment.last_sent_at is not None:
        since = enrollment.last_sent_at
    return round(max(enrollment.replied_at - since, 0) / HOUR, 2)


def _answered_step(enrollment: Enrollment) -> int | None:
    """The step of the mail that was answered first, None where it is not known."""
    replies = [
        (at, signal_of(mark).step) for mark, at in enrollment.marks.items() if mark.startswith(SignalKind.REPLIED.value)
    ]
    return min(replies)[1] if replies else None


def _settled(found: Enrollment, answer: Answered, sequence: Sequence) -> Enrollment:
    """Whoever answers a mail has had it: a doubt whether it left is over."""
    is_doubted = found.state is EnrollmentState.PARKED and found.awaits is None and found.step == answer.step
    if not is_doubted:
        return found
    return resolved(found, Decision.ACCEPTED, sequence, answer.at)


def _is_known(found: Enrollment, kind: SignalKind, step: int) -> bool:
    return any(mark.startswith(f"{kind.value}{step}.") for mark in found.marks)


def _marked(found: Enrollment, kind: SignalKind, answer: Answered) -> Enrollment:
    mark = mark_of(MailSignal(kind, answer.step, answer.sender))
    return replace(found, marks={**found.marks, mark: answer.at})


def _latest(one: int | None, other: int) -> int:
    return other if one is None else max(one, other)


def _business_day(day: int, count: int, hours: Hours) -> int:
    """The `count`-th day after `day` on which the hours open."""
    while count:
        day += 1
        count -= day not in hours.holidays and bool(hours.week[date_of(day).weekday()])
    return day
