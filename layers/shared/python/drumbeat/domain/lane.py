"""Lanes: the state of a sender's pace, what it has handed out, and what is known of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drumbeat.domain.delivery import LEASE
from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState
from drumbeat.domain.hint import GOOD_FOR, Counts
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.times import DAY, MINUTE, utc_day

CLAIMS_ARRIVE_WITHIN = 2 * MINUTE
"""How long after a worker has asked for a claim the store may carry it out, the SDK's repetitions included."""
RESERVED_FOR = GOOD_FOR + CLAIMS_ARRIVE_WITHIN
"""From its slot on an enrollment stays reserved this long; then it is claimed, or this hint will never claim it."""
MAY_LEAVE_FOR = GOOD_FOR + LEASE
"""From its slot on a mail may leave for this long."""
_CLOCKS_APART = MINUTE
"""More than any two clocks are apart."""

type Errand = tuple[EnrollmentKey, int, int]
"""One step of one enrollment, under one epoch."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A step that a hint is under way for, and its slot; nobody else takes it before `until`. The next step is free."""

    enrollment: EnrollmentKey
    step: int
    epoch: int
    at: int
    until: int
    counts: Counts = Counts.MAIL

    @property
    def errand(self) -> Errand:
        """What is reserved."""
        return self.enrollment, self.step, self.epoch


@dataclass(frozen=True, slots=True)
class Lane:
    """The state of a sender's pace.

    `next_free` is the earliest next slot. `day_used` and `day_sent` count first steps and mails of all steps that have
    left on the UTC day `day`, or may have; what is `reserved` comes on top. The lane is looked at again at `wake_at`,
    never if None; `woken_at` is when somebody last announced work. It `serves` the sequences, by number, that may have
    enrollments bound to it; `day_steps` are the steps that count for their caps on that day. `last_served` is the
    sequence whose mail got the last slot: sequences take turns.
    """

    tenant: int
    sender: int
    revision: int
    wake_at: int | None
    woken_at: int
    next_free: int = 0
    day: int = 0
    day_used: int = 0
    day_sent: int = 0
    reserved: tuple[Reservation, ...] = ()
    serves: tuple[int, ...] = ()
    day_steps: Mapping[int, int] = field(default_factory=dict)
    last_served: int = 0

    def first_steps(self, day: int) -> int:
        """How many first steps count for this UTC day: those known, and those reserved that may leave on it."""
        under_way = sum(entry.step == 0 for entry in self._mails_on(day))
        return under_way + (self.day_used if self.day >= day else 0)

    def mails(self, day: int) -> int:
        """How many mails of all steps count for this UTC day."""
        return len(self._mails_on(day)) + (self.day_sent if self.day >= day else 0)

    def steps_of(self, sequence: int, day: int) -> int:
        """How many steps count for the cap of a sequence on this UTC day."""
        mine = (entry for entry in self.reserved if entry.enrollment.sequence == sequence and entry.counts)
        known = self.day_steps.get(sequence, 0) if self.day >= day else 0
        return sum(day in days_of(entry.at) for entry in mine) + known

    def _mails_on(self, day: int) -> list[Reservation]:
        return [entry for entry in self.reserved if entry.counts is Counts.MAIL and day in days_of(entry.at)]


@dataclass(frozen=True, slots=True)
class Audited:
    """A lane whose lapsed reservations have been looked into; a hint must go out for the `stuck` ones.

    What is `over` waits no more, though a queue that lags behind may still show it.
    """

    lane: Lane
    stuck: tuple[Reservation, ...] = ()
    over: tuple[Errand, ...] = ()


def days_of(at: int) -> range:
    """The UTC days on which a mail with this slot may leave: its claim may outlast midnight."""
    return range(utc_day(at), utc_day(at + MAY_LEAVE_FOR) + 1)


def lapsed(lane: Lane, now: int) -> list[Reservation]:
    """The reservations to look into."""
    return [entry for entry in lane.reserved if entry.until <= now]


def audit(
    lane: Lane,
    found: Mapping[tuple[int, EnrollmentKey], Enrollment],
    now: int,
    *,
    is_retired: bool = False,
) -> Audited:
    """Drops the lapsed reservations and counts what left, or may have.

    `found` has their enrollments by tenant and key, read after they had lapsed; what is not in it does not exist. A
    reservation stays as long as its enrollment is claimed, whatever else became of that: if the claim has lapsed too,
    its worker has died, and somebody must end it. What may have left tomorrow counts for today too until that is
    over. A lane `is_retired` when its sender was deleted.
    """
    kept = [entry for entry in lane.reserved if entry.until > now]
    stuck: list[Reservation] = []
    over: list[Errand] = []
    for entry in lapsed(lane, now):
        enrollment = found.get((lane.tenant, entry.enrollment))
        lease = None if enrollment is None else _claimed_until(enrollment, entry)
        if lease is None:
            is_ours = is_retired or not _is_anothers(enrollment, entry, lane.sender)
            day = _left_on(enrollment, entry) if is_ours else None
            if day is not None and day > utc_day(now):
                kept.append(replace(entry, until=day * DAY))
            else:
                lane = _counted(lane, entry, day)
            over += [] if enrollment is not None and _waits(enrollment, entry) else [entry.errand]
        elif lease > now:
            kept.append(replace(entry, until=lease))
        else:
            stuck.append(entry)
            kept.append(replace(entry, until=now + RESERVED_FOR))
    return Audited(replace(lane, reserved=tuple(kept)), tuple(stuck), tuple(over))


def _is_at(enrollment: Enrollment, entry: Reservation) -> bool:
    """Whether the reserved step is the next one, under the same epoch."""
    return (enrollment.step, enrollment.epoch) == (entry.step, entry.epoch)


def _waits(enrollment: Enrollment, entry: Reservation) -> bool:
    return enrollment.state is EnrollmentState.ACTIVE and _is_at(enrollment, entry)


def _claimed_until(enrollment: Enrollment, entry: Reservation) -> int | None:
    """When the claim of the reserved step lapses or did, None if nobody has claimed it."""
    is_claimed = _is_at(enrollment, entry) and enrollment.owner is not None
    return (enrollment.lease or 0) if is_claimed else None


def _is_gone(enrollment: Enrollment | None, entry: Reservation) -> bool:
    """Whether what was reserved is deleted, even if its contact was enrolled once more beside that.

    Steps and epochs never go back, and a slot is later than the enrollment it was given to.
    """
    if enrollment is None or enrollment.step < entry.step or enrollment.epoch < entry.epoch:
        return True
    is_untouched = _is_at(enrollment, entry) and entry.step == 0 and not enrollment.timed
    # One with priority pretends to be old, but its first step is due from when it was enrolled.
    return (enrollment.due if is_untouched else enrollment.created_at) > entry.at


def _is_anothers(enrollment: Enrollment | None, entry: Reservation, sender: int) -> bool:
    """Whether another sender has made the first step that two lanes had reserved.

    What follows stays with the sender of the first step until that is deleted, or somebody binds it to another one.
    Then the enrollment's sender no longer says who made it, one does not ask, and the mail may count for both lanes: a
    cap is kept, not filled.
    """
    if enrollment is None or enrollment.bound or _is_gone(enrollment, entry):
        return False
    same = entry.step == 0 and enrollment.epoch == entry.epoch
    return same and enrollment.sender not in {None, sender}


def _left_on(enrollment: Enrollment | None, entry: Reservation) -> int | None:
    """The UTC day on which the reserved mail left; the last possible one if that is not known, None if it stayed.

    A step that the tenant's app does has left when the app has been asked.
    """
    last = days_of(entry.at)[-1]
    if enrollment is None or _is_gone(enrollment, entry):
        return last
    if enrollment.step > entry.step and enrollment.epoch == entry.epoch:
        exact = enrollment.sent_at if entry.step == 0 else enrollment.last_sent_at
        is_exact = exact is not None and (entry.step == 0 or enrollment.step == entry.step + 1)
        if exact is None or not is_exact:
            return last
        if entry.counts is Counts.STEP:  # whoever noted the app's answer went by another clock
            return last if exact >= entry.at - _CLOCKS_APART else None
        return utc_day(exact)
    if _is_at(enrollment, entry):
        return last if _is_asked(enrollment, entry) or enrollment.parked_reason is not None else None
    return last if enrollment.epoch > entry.epoch else None  # only what was in doubt starts anew


def _is_asked(enrollment: Enrollment, entry: Reservation) -> bool:
    """Whether the tenant's app was asked for the reserved step, which is still the next one.

    A call that is to be made again awaits nothing any more. Which of its slots were used is not kept, so all count: a
    cap is kept, not filled.
    """
    was_asked = enrollment.awaits is Awaits.STEP or enrollment.last_call is not None
    return entry.counts is Counts.STEP and was_asked


def _counted(lane: Lane, entry: Reservation, day: int | None) -> Lane:
    if day is None or day < lane.day or not entry.counts:
        return lane
    if day > lane.day:
        lane = replace(lane, day=day, day_used=0, day_sent=0, day_steps={})
    is_mail, sequence = entry.counts is Counts.MAIL, entry.enrollment.sequence
    return replace(
        lane,
        day_used=lane.day_used + (is_mail and entry.step == 0),
        day_sent=lane.day_sent + is_mail,
        day_steps={**lane.day_steps, sequence: lane.day_steps.get(sequence, 0) + 1},
    )
