"""A reserved step is looked into once its hint can claim no more, and counts if its mail may have left."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.delivery import LEASE, bounced, parked, sent
from drumbeat.domain.enrollment import PRIORITY_CREATED_AT, Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.hint import GOOD_FOR
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import MAY_LEAVE_FOR, RESERVED_FOR, Audited, Lane, Reservation, audit, lapsed
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND

TODAY = 20_000
SLOT = TODAY * DAY + 9 * HOUR
LATER = SLOT + MAY_LEAVE_FOR
MIDNIGHT = (TODAY + 1) * DAY
KEY = EnrollmentKey(1, 1)
STEPS = tuple(Step(place, "s", "b", 60) for place in range(1, 4))
SEQUENCE = Sequence(1, 1, "n", SequenceStatus.ACTIVE, None, 1, 1, False, 8.0, STEPS, (5,), 0)
FRESH = new_enrollment(1, KEY, batch_number=1, batch_tag="t", now=SLOT - HOUR)
CLAIMED = replace(FRESH, owner="w", lease=SLOT + LEASE, sender=5)


def reservation(step: int = 0, at: int = SLOT, epoch: int = 0) -> Reservation:
    return Reservation(KEY, step, epoch, at, at + RESERVED_FOR)


def lane(*entries: Reservation, **state: int) -> Lane:
    return Lane(1, 5, 1, None, 0, reserved=entries, **state)


def look(entry: Reservation, found: Enrollment | None, now: int = LATER, **state: int) -> Audited:
    return audit(lane(entry, **state), {} if found is None else {(1, KEY): found}, now)


def counted(audited: Audited, day: int = TODAY) -> tuple[int, int]:
    return audited.lane.first_steps(day), audited.lane.mails(day)


def test_a_reservation_is_looked_into_when_its_hint_can_claim_no_more():
    held = lane(reservation())

    assert RESERVED_FOR > GOOD_FOR
    assert lapsed(held, SLOT + RESERVED_FOR - 1) == []
    assert lapsed(held, SLOT + RESERVED_FOR) == list(held.reserved)


def test_what_has_not_lapsed_counts_and_stays():
    held = lane(reservation())

    assert audit(held, {}, SLOT + RESERVED_FOR - 1) == Audited(held)
    assert counted(Audited(held)) == (1, 1)


def test_an_accepted_first_step_counts_as_one():
    assert counted(look(reservation(), sent(CLAIMED, SEQUENCE, SLOT + 2 * SECOND))) == (1, 1)


def test_an_accepted_follow_up_counts_as_a_mail_only():
    follow_up = replace(FRESH, step=1, sent_at=SLOT - HOUR, last_sent_at=SLOT - HOUR)

    assert counted(look(reservation(step=1), sent(follow_up, SEQUENCE, SLOT))) == (0, 1)


@pytest.mark.parametrize(
    "found",
    [
        FRESH,
        replace(FRESH, due=SLOT + HOUR, timed=True, attempts=1),
        bounced(FRESH, "550 no", SLOT),
        replace(FRESH, state=EnrollmentState.UNSUBSCRIBED),
        replace(FRESH, parked_at=SLOT - GOOD_FOR - 1, epoch=0),
    ],
    ids=["never tried", "put off", "bounced", "stopped", "parked before"],
)
def test_what_has_not_left_gives_its_place_back(found):
    audited = look(reservation(), found)

    assert (counted(audited), audited.lane.reserved, audited.stuck) == ((0, 0), (), ())


@pytest.mark.parametrize(
    "found",
    [
        parked(CLAIMED, "lost", SLOT),
        parked(CLAIMED, "lost", SLOT - SECOND),
        replace(FRESH, state=EnrollmentState.UNSUBSCRIBED, parked_at=SLOT + LEASE, parked_reason="lost"),
        replace(parked(CLAIMED, "lost", SLOT), state=EnrollmentState.ACTIVE, epoch=1),
        None,
    ],
    ids=["parked", "parked by a clock that is behind", "stopped and unknown", "to be sent again", "deleted"],
)
def test_what_may_have_left_counts(found):
    audited = look(reservation(), found)

    assert (counted(audited), audited.lane.reserved, audited.stuck) == ((1, 1), (), ())


@pytest.mark.parametrize("steps_later", [1, 2])
def test_a_first_step_that_two_lanes_had_reserved_counts_for_the_one_that_made_it(steps_later):
    made = replace(CLAIMED, sender=6)
    for _ in range(steps_later):
        made = sent(made, SEQUENCE, SLOT)

    assert counted(look(reservation(), made)) == (0, 0)
    assert counted(look(reservation(), replace(made, sender=5))) == (1, 1)


def test_what_was_in_doubt_counts_for_its_lane_though_another_one_sends_it_again():
    again = replace(parked(CLAIMED, "lost", SLOT), state=EnrollmentState.ACTIVE, epoch=1, sender=6)

    assert counted(look(reservation(), again)) == (1, 1)


@pytest.mark.parametrize("state", [EnrollmentState.ACTIVE, EnrollmentState.FINISHED])
def test_what_a_deleted_sender_had_reserved_counts_whoever_made_it(state):
    """Its mail and one that another lane had reserved too look the same: follow-ups are with the other one by then."""
    made = replace(sent(CLAIMED, SEQUENCE, SLOT), sender=6, state=state)

    audited = audit(lane(reservation()), {(1, KEY): made}, LATER, is_retired=True)

    assert counted(audited) == (1, 1)


def test_a_first_step_counts_for_the_lane_that_made_it_though_it_was_bound_to_another_one_since():
    moved = replace(sent(CLAIMED, SEQUENCE, SLOT), sender=6, bound=True)

    assert counted(look(reservation(), moved)) == (1, 1)


ANEW = new_enrollment(1, KEY, batch_number=1, batch_tag="t", now=SLOT + 1)


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (0, ANEW),
        (0, replace(ANEW, created_at=PRIORITY_CREATED_AT)),
        (0, replace(ANEW, due=SLOT + HOUR, timed=True)),
        (0, replace(ANEW, sender=6, state=EnrollmentState.REMOVED)),
        (1, ANEW),
        (1, FRESH),
    ],
    ids=[
        "new",
        "with priority",
        "outside the hours",
        "ended by another sender",
        "follow-up",
        "enrolled by a late call",
    ],
)
def test_what_was_deleted_counts_though_its_contact_is_enrolled_anew(step, found):
    audited = look(reservation(step=step), found)

    assert (counted(audited), audited.lane.reserved) == ((step == 0, 1), ())


def test_what_is_enrolled_anew_is_not_over():
    assert look(reservation(), ANEW).over == ()


def test_a_doubt_that_was_decided_does_not_count_for_the_attempt_after_it():
    given_back = replace(parked(CLAIMED, "lost", SLOT - 30 * SECOND), state=EnrollmentState.ACTIVE, epoch=1)
    given_back = replace(given_back, owner=None, lease=None, parked_reason=None)

    assert counted(look(reservation(epoch=1), given_back)) == (0, 0)


@pytest.mark.parametrize("found", [None, parked(CLAIMED, "lost", SLOT), sent(CLAIMED, SEQUENCE, SLOT)])
def test_what_left_or_stopped_is_over_though_a_queue_may_still_show_it(found):
    assert look(reservation(), found).over == (reservation().errand,)
    assert look(reservation(), FRESH).over == ()


@pytest.mark.parametrize("state", EnrollmentState)
def test_a_claim_that_outlived_its_worker_stays_in_sight_whatever_else_happened(state):
    entry = reservation()

    audited = look(entry, replace(CLAIMED, state=state))

    assert audited.stuck == (entry,)
    assert audited.lane.reserved == (replace(entry, until=LATER + RESERVED_FOR),)
    assert counted(audited) == (1, 1)


def test_a_claim_that_still_holds_is_waited_for():
    entry = reservation()

    audited = look(entry, replace(CLAIMED, lease=LATER + 1))

    assert (audited.stuck, audited.lane.reserved) == ((), (replace(entry, until=LATER + 1),))


@pytest.mark.parametrize("change", [{"step": 1, "sent_at": SLOT, "last_sent_at": SLOT}, {"epoch": 1}])
def test_the_claim_of_another_step_or_epoch_is_another_reservation_s(change):
    assert look(reservation(), replace(CLAIMED, **change)).lane.reserved == ()


def test_the_day_of_acceptance_is_the_day_that_counts():
    """Claimed before midnight, accepted after it."""
    audited = look(reservation(at=MIDNIGHT - SECOND), sent(CLAIMED, SEQUENCE, MIDNIGHT), MIDNIGHT + HOUR)

    assert (counted(audited, TODAY + 1), audited.lane.day) == ((1, 1), TODAY + 1)


def test_a_day_that_is_over_is_not_counted_any_more():
    audited = look(
        reservation(at=MIDNIGHT - MINUTE), sent(CLAIMED, SEQUENCE, MIDNIGHT - 1), MIDNIGHT + HOUR, day=TODAY + 1,
        day_used=3, day_sent=4,
    )  # fmt: skip

    assert counted(audited, TODAY + 1) == (3, 4)


def test_a_slot_near_midnight_counts_for_both_days_until_it_is_known():
    held = Audited(lane(reservation(at=MIDNIGHT - SECOND)))

    assert (counted(held, TODAY), counted(held, TODAY + 1), counted(held, TODAY + 2)) == ((1, 1), (1, 1), (0, 0))


def test_two_steps_later_the_day_is_the_last_possible_one():
    found = sent(sent(CLAIMED, SEQUENCE, SLOT), SEQUENCE, SLOT + MINUTE)

    assert counted(look(reservation(step=0), found)) == (1, 1)
    assert counted(look(reservation(step=0), sent(found, SEQUENCE, MIDNIGHT + HOUR), MIDNIGHT + 2 * HOUR)) == (1, 1)


@given(
    at=st.integers(MIDNIGHT - 10 * MINUTE, MIDNIGHT + MINUTE),
    takes=st.integers(0, RESERVED_FOR),
    late=st.integers(0, 2 * DAY),
    step=st.integers(0, 2),
)
def test_a_mail_always_counts_on_the_day_it_left(at, takes, late, step):
    """While it is reserved and after it was looked into, as long as that day lasts."""
    entry, left_at = reservation(step, at), at + takes
    before = lane(entry)
    after = look(entry, sent(replace(CLAIMED, step=step), SEQUENCE, left_at), at + RESERVED_FOR + late)

    day = left_at // DAY
    assert before.mails(day) == after.lane.mails(day) == 1
    assert before.first_steps(day) == after.lane.first_steps(day) == (step == 0)
