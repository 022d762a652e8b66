"""Why an enrollment's next mail has not left yet, and when it can: facts in, reasons out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from drumbeat.domain.enrollment import Enrollment, EnrollmentState, is_anytime, is_mail
from drumbeat.domain.explained_state import Code, Reason, claimed, expected, over
from drumbeat.domain.hint import GOOD_FOR
from drumbeat.domain.lane import Lane, Reservation
from drumbeat.domain.schedule import next_open
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus
from drumbeat.domain.times import DAY, iso, utc_day

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is looked at. `senders` are those that may send the next step.

    `lanes` are theirs, and all of the sequence's if it has a daily cap, as far as there are any. `in_front` counts what
    leaves before it in its queue, up to one more than `MOST_COUNTED`; 0 where nobody counted.
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


_GOES_ON = frozenset({EnrollmentState.PARKED, EnrollmentState.PAUSED, EnrollmentState.HELD, EnrollmentState.WAITING})
"""Who does not send, and still may."""


def explain(facts: Facts) -> Explanation:
    """Why the next mail has not left yet: all that holds it back, or that nothing does."""
    enrollment = facts.enrollment
    position = enrollment.step + 1 if enrollment.step < len(facts.sequence.steps) else None
    if enrollment.state is not EnrollmentState.ACTIVE:
        next_step = position if enrollment.state in _GOES_ON else None
        return Explanation(enrollment, next_step, None, None, (over(enrollment),))
    if position is None:
        return Explanation(enrollment, None, None, None, (over(replace(enrollment, state=EnrollmentState.FINISHED)),))
    if enrollment.owner is not None:
        return Explanation(enrollment, position, enrollment.due, None, (claimed(enrollment, facts.now),))
    stops = tuple(_stops(facts))
    waits = tuple(_waits(facts))
    reasons = stops + waits or (Reason(Code.READY, "Nothing holds it back: it leaves with its sender's next slot."),)
    return Explanation(enrollment, position, enrollment.due, None if stops else _not_before(facts), reasons)


def is_up(enrollment: Enrollment, now: int) -> bool:
    """Whether it stands in its queue and could leave: only then does it matter how many are in front of it."""
    return enrollment.state is EnrollmentState.ACTIVE and enrollment.owner is None and enrollment.due <= now


def _stops(facts: Facts) -> Iterator[Reason]:
    """What does not pass by itself."""
    yield from _unreachable(facts)
    if facts.sequence.status is SequenceStatus.PENDING:
        yield Reason(Code.SEQUENCE_PENDING, "The sequence has not been started.")
    if facts.sequence.status is SequenceStatus.PAUSED:
        yield Reason(Code.SEQUENCE_PAUSED, "The sequence is paused.")
    if not facts.senders:
        bound = facts.enrollment.bound
        whose = "The sender that it is bound to has been deleted." if bound else "The sequence has no sender."
        yield Reason(Code.NO_SENDER, whose)
    elif not _working(facts):
        yield Reason(Code.SENDER_DISABLED, "Every sender that could send it is switched off.")


def _unreachable(facts: Facts) -> Iterator[Reason]:
    """What forbids to turn to the contact; who lacks what the step needs waits until that is repaired."""
    if facts.contact is None:
        if facts.enrollment.contact is not None:
            yield Reason(Code.CONTACT_GONE, "The contact has been deleted.")
    elif facts.suppressed or facts.contact.unsubscribed_at is not None:
        if facts.sequence.exit_on_unsubscribe:
            yield Reason(Code.SUPPRESSED, "The contact or its address must not be mailed.")
    elif facts.contact.email is None and facts.sequence.connector is None:
        yield Reason(Code.CONTACT_GONE, "The contact has no address: it will be taken out.")


def _waits(facts: Facts) -> Iterator[Reason]:
    """What passes with time."""
    enrollment, now, slot = facts.enrollment, facts.now, _slot(facts)
    if enrollment.due > now:
        yield expected(enrollment)
    if slot is not None:
        if _is_missed(slot, now):
            yield Reason(Code.SLOT_MISSED, f"It did not leave at its slot; it gets another from {iso(slot.until)} on.")
        return
    yield from _closed(facts)
    yield from _unable(facts)
    full = _capped_until(facts)
    if full is not None:
        yield Reason(Code.SEQUENCE_CAP, f"The sequence has sent as many mails as it may until {iso(full)} at least.")
    if is_up(enrollment, now) and facts.in_front > 0:
        many = f"more than {MOST_COUNTED}" if facts.in_front > MOST_COUNTED else str(facts.in_front)
        yield Reason(Code.WAITING_FOR_ITS_TURN, f"In front of it in its queue: {many}.")


def _closed(facts: Facts) -> Iterator[Reason]:
    due = max(facts.enrollment.due, facts.now)
    opens = _opens(facts, due)
    if opens > due:
        yield Reason(Code.OUTSIDE_HOURS, f"The hours of its sequence are closed for it until {iso(opens)}.")


def _opens(facts: Facts, instant: int) -> int:
    enrollment = facts.enrollment
    if is_anytime(enrollment.anytime, enrollment.due, instant):
        return instant
    return next_open(instant, facts.sequence.hours, enrollment.zone)


def _unable(facts: Facts) -> Iterator[Reason]:
    """What keeps the senders from sending it, if something keeps every one of them."""
    working = _working(facts)
    rests = {sender.number: rest for sender in working if (rest := _rests_until(facts, sender)) is not None}
    full = {sender.number: until for sender in working if (until := _limited_until(facts, sender)) is not None}
    spent = {sender.number: until for sender in working if (until := _spent_until(facts, sender)) is not None}
    if not working or any(sender.number not in rests | full | spent for sender in working):
        return
    if rests:
        first = min((sender for sender in working if sender.number in rests), key=lambda sender: rests[sender.number])
        why = first.trouble or "trouble with its server"
        yield Reason(Code.SENDER_RESTING, f"Its sender rests until {iso(rests[first.number])} after {why}.")
    if full:
        at_least = iso(min(full.values()))
        yield Reason(Code.DAILY_LIMIT, f"The daily limit of first steps is reached until {at_least} at least.")
    if spent:
        at_least = iso(min(spent.values()))
        yield Reason(Code.SENDER_CAP, f"Its sender has sent as many mails as it may until {at_least} at least.")


def _working(facts: Facts) -> list[Sender]:
    return [sender for sender in facts.senders if sender.disabled_at is None]


def _rests_until(facts: Facts, sender: Sender) -> int | None:
    return sender.resting_until if (sender.resting_until or 0) > facts.now else None


def _is_mail(facts: Facts) -> bool:
    enrollment = facts.enrollment
    return is_mail(facts.sequence.steps[enrollment.step], enrollment.step, enrollment.awaits, enrollment.drafted)


def _limited_until(facts: Facts, sender: Sender) -> int | None:
    """Until when the sender's limit leaves no room; follow-ups do not count against it, nor wait for it."""
    lane = facts.lanes.get(sender.number)
    if facts.enrollment.step > 0 or not _is_mail(facts):
        return None
    return _full_until(sender.daily_limit, facts, Lane.first_steps, [] if lane is None else [lane])


def _spent_until(facts: Facts, sender: Sender) -> int | None:
    """Until when the sender's cap on mails of all steps leaves no room."""
    lane = facts.lanes.get(sender.number)
    if not _is_mail(facts):
        return None
    return _full_until(sender.daily_mails, facts, Lane.mails, [] if lane is None else [lane])


def _capped_until(facts: Facts) -> int | None:
    """Until when the sequence's cap leaves no room: for what goes to the contact, by mail or otherwise."""
    step, awaits = facts.sequence.steps[facts.enrollment.step], facts.enrollment.awaits
    is_sent = _is_mail(facts) or (awaits is None and step.is_of_app)
    if not is_sent:
        return None
    number = facts.sequence.number
    return _full_until(
        facts.sequence.daily_cap, facts, lambda lane, day: lane.steps_of(number, day), facts.lanes.values()
    )


def _full_until(
    limit: int | None, facts: Facts, counted: Callable[[Lane, int], int], lanes: Collection[Lane]
) -> int | None:
    """Until when a daily limit certainly leaves no room: what is reserved gives its place back if it does not leave."""
    today, midnight = utc_day(facts.now), (utc_day(facts.now) + 1) * DAY
    if limit is None or sum(counted(lane, today) for lane in lanes) < limit:
        return None
    return min([midnight, *(entry.until for lane in lanes for entry in lane.reserved if entry.until > facts.now)])


def _slot(facts: Facts) -> Reservation | None:
    """The slot that was handed out for the step, if nobody else can get it yet."""
    errand = facts.enrollment.key, facts.enrollment.step, facts.enrollment.epoch
    held = [entry for lane in facts.lanes.values() for entry in lane.reserved if entry.errand == errand]
    return min((entry for entry in held if entry.until > facts.now), key=lambda entry: entry.at, default=None)


def _is_missed(slot: Reservation, now: int) -> bool:
    return now > slot.at + GOOD_FOR


def _not_before(facts: Facts) -> int | None:
    """The earliest instant at which one of its senders could send it, were nobody in front of it."""
    slot, soonest = _slot(facts), max(facts.now, facts.enrollment.due)
    if slot is not None:
        return max(soonest, slot.until if _is_missed(slot, facts.now) else slot.at)
    capped = _capped_until(facts) or 0
    free = [max(soonest, capped, _free_from(facts, sender)) for sender in _working(facts)]
    return min((_opens(facts, at) for at in free), default=None)


def _free_from(facts: Facts, sender: Sender) -> int:
    lane = facts.lanes.get(sender.number)
    next_free = 0 if lane is None else lane.next_free
    full = max(_limited_until(facts, sender) or 0, _spent_until(facts, sender) or 0)
    return max(next_free, full, _rests_until(facts, sender) or 0)
