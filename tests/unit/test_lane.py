"""Lanes keep their pace, their limit and their order, and sleep only when nothing can be missed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.allowance import Cap
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import RESERVED_FOR, Errand, Lane, Reservation
from drumbeat.domain.plan import (
    HORIZON,
    LAPSES_SHOW_WITHIN,
    LOOKS_INTO_WITHIN,
    SETTLES_WITHIN,
    Plan,
    Queues,
    Work,
    plan,
    rest,
)
from drumbeat.domain.runner import MOST_SLOTS
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from drumbeat.domain.waiting import CLOCK_SKEW, MOST_PASSED_OVER, Waiting

NOW = 20_000 * DAY + 9 * HOUR
LONG_AGO = NOW - DAY


def cadence(gap: tuple[int, int] = (10, 20), delays: Sequence[int] = (0, 60)) -> Cadence:
    steps = tuple(Step(place + 1, "s", "b", delay) for place, delay in enumerate(delays))
    return Cadence(1, 1, "n", SequenceStatus.ACTIVE, None, *gap, False, 8.0, steps, (1, 2), 0)


def lane(sender: int = 1, **state: object) -> Lane:
    fields: dict[str, object] = {"revision": 1, "wake_at": NOW, "woken_at": LONG_AGO}
    return Lane(1, sender, **(fields | state))  # type: ignore[arg-type]


def reserved(contact: int, until: int, *, step: int = 0, epoch: int = 0) -> Reservation:
    return Reservation(EnrollmentKey(1, contact), step, epoch, until - RESERVED_FOR, until)


def waiting(contacts: Iterable[int], due: int = LONG_AGO, step: int = 0) -> list[Waiting]:
    return [Waiting(EnrollmentKey(1, contact), step, due, 0) for contact in contacts]


def look(
    *works: Work,
    new: Iterable[Waiting] = (),
    deferred: Iterable[Waiting] = (),
    orphans: Iterable[Waiting] = (),
    others: Iterable[Lane] = (),
    sequence: Cadence | None = None,
    over: Iterable[Errand] = (),
    cap: Cap | None = None,
    now: int = NOW,
) -> list[Plan]:
    queues = Queues(new=new, deferred=deferred, orphans=orphans)
    rng = Random(7)  # noqa: S311
    caps = {} if cap is None else {1: cap}
    return plan(works, queues, sequence=sequence or cadence(), others=others, over=over, caps=caps, now=now, rng=rng)


def contacts(planned: Plan) -> list[int]:
    return [slot.waiting.enrollment.contact for slot in planned.slots]


def times(planned: Plan) -> list[int]:
    return [slot.at for slot in planned.slots]


def gaps(planned: Plan) -> list[int]:
    return [late - early for early, late in zip(times(planned), times(planned)[1:], strict=False)]


def test_slots_fill_the_horizon_at_the_pace_of_the_sequence():
    (planned,) = look(Work(lane(), 1000, []), new=waiting(range(1, 50)))

    assert times(planned)[0] == NOW
    assert all(10 * SECOND <= gap <= 20 * SECOND for gap in gaps(planned))
    assert NOW + HORIZON - 20 * SECOND <= times(planned)[-1] <= NOW + HORIZON
    assert planned.lane.next_free > NOW + HORIZON
    assert planned.lane.wake_at == planned.lane.next_free


def test_the_pace_goes_on_where_the_last_look_left_it():
    (planned,) = look(Work(lane(next_free=NOW + 70 * SECOND), 1000, []), new=waiting(range(1, 50)))

    assert times(planned)[0] == NOW + 70 * SECOND


def test_a_slot_beyond_the_horizon_is_left_for_later():
    later = NOW + HORIZON + 1

    (planned,) = look(Work(lane(next_free=later), 1000, []), new=waiting([1]))

    assert (planned.slots, planned.lane.wake_at, planned.lane.next_free) == ((), later, later)


def test_new_enrollments_leave_in_the_order_of_their_queue():
    (planned,) = look(Work(lane(), 1000, []), new=waiting([5, 3, 4]))

    assert contacts(planned) == [5, 3, 4]


def test_what_is_over_is_not_handed_out_though_a_queue_shows_it():
    gone, here = waiting([1, 2])

    (planned,) = look(Work(lane(), 1000, []), new=[gone, here], over=[gone.errand])

    assert contacts(planned) == [2]


def test_follow_ups_that_are_due_go_first():
    (planned,) = look(Work(lane(), 1000, waiting([8, 9], step=1)), new=waiting([1]))

    assert contacts(planned) == [8, 9, 1]


def test_a_follow_up_waits_for_its_due_time_even_if_a_slot_is_free():
    due = NOW + 45 * SECOND

    (planned,) = look(Work(lane(), 1000, waiting([8], due=due, step=1)))

    assert times(planned) == [due + CLOCK_SKEW]


def test_follow_ups_of_retired_senders_are_taken_over_once():
    plans = look(Work(lane(1), 1000, []), Work(lane(2), 1000, []), orphans=waiting([7], step=1))

    assert sorted(contact for planned in plans for contact in contacts(planned)) == [7]


def test_lanes_of_a_sequence_share_the_queue_in_turns():
    plans = look(
        Work(lane(1), 1000, []), Work(lane(2), 1000, []), new=waiting(range(1, 7)), sequence=cadence(gap=(0, 0))
    )

    assert [contacts(planned) for planned in plans] == [[1, 3, 5], [2, 4, 6]]


def test_the_lane_that_rested_longest_goes_first():
    plans = look(
        Work(lane(1, next_free=NOW - 1), 1000, []), Work(lane(2, next_free=NOW - 2), 1000, []), new=waiting([1])
    )

    assert [contacts(planned) for planned in plans] == [[], [1]]


def test_what_a_hint_is_under_way_for_is_not_taken_again():
    neighbour = lane(2, reserved=(reserved(2, NOW + 1),))

    (planned,) = look(
        Work(lane(reserved=(reserved(1, NOW + 1),)), 1000, []), new=waiting([1, 2, 3]), others=[neighbour]
    )

    assert contacts(planned) == [3]


def test_the_follow_up_of_a_step_that_is_still_reserved_is_free():
    sent = reserved(1, NOW + HOUR)

    (planned,) = look(Work(lane(reserved=(sent,)), 1000, waiting([1], step=1)))

    assert contacts(planned) == [1]


def test_a_step_that_was_started_anew_does_not_wait_for_the_slot_of_the_attempt_before():
    before = reserved(1, NOW + HOUR)

    (planned,) = look(Work(lane(reserved=(before,)), 1000, []), new=[Waiting(EnrollmentKey(1, 1), 0, NOW, 1)])

    assert contacts(planned) == [1]


def test_what_lapsed_since_its_lane_was_audited_is_not_taken_again():
    (planned,) = look(Work(lane(reserved=(reserved(1, NOW - 1),)), 1000, []), new=waiting([1]))

    assert planned.slots == ()


def test_what_a_neighbour_let_lapse_is_hinted_again():
    neighbour = lane(2, reserved=(reserved(1, NOW),))

    (planned,) = look(Work(lane(), 1000, []), new=waiting([1]), others=[neighbour])

    assert contacts(planned) == [1]
    assert planned.lane.reserved == (reserved(1, NOW + RESERVED_FOR),)


def test_a_first_step_that_was_put_off_waits_without_holding_up_the_others():
    put_off = Waiting(EnrollmentKey(1, 1), 0, NOW + HOUR, 0)

    (planned,) = look(Work(lane(), 1000, []), new=[put_off, *waiting([2])])

    assert contacts(planned) == [2]


def test_deferred_first_steps_go_after_follow_ups_and_before_new_ones():
    works = Work(lane(), 1000, waiting([8], step=1))

    (planned,) = look(works, new=waiting([1]), deferred=waiting([5, 6]))

    assert contacts(planned) == [8, 5, 6, 1]


def test_deferred_first_steps_wait_for_their_due_time():
    (planned,) = look(Work(lane(), 1000, []), deferred=waiting([5], due=NOW + HOUR))

    assert (planned.slots, planned.lane.wake_at) == ((), NOW + HOUR + CLOCK_SKEW)


def test_what_is_deferred_far_ahead_is_not_read():
    read = []

    def rows() -> Iterable[Waiting]:
        for row in waiting(range(1, 100), due=NOW + HOUR):
            read.append(row)
            yield row

    look(Work(lane(), 1000, []), deferred=rows())

    assert len(read) == 1


def test_deferred_first_steps_count_against_the_daily_limit():
    (planned,) = look(Work(lane(), 3, []), new=waiting([1, 2]), deferred=waiting([5, 6]))

    assert contacts(planned) == [5, 6, 1]


def test_a_lane_comes_back_for_what_was_put_off():
    put_off = Waiting(EnrollmentKey(1, 1), 0, NOW + HOUR, 0)

    (planned,) = look(Work(lane(), 1000, []), new=[put_off])

    assert planned.lane.wake_at == NOW + HOUR + CLOCK_SKEW


def test_the_daily_limit_holds_back_first_steps_only():
    work = Work(lane(), 2, waiting([8, 9], step=1))

    (planned,) = look(work, new=waiting(range(1, 9)))

    assert contacts(planned) == [8, 9, 1, 2]
    assert planned.lane.first_steps(NOW // DAY) == 2


def test_a_lane_at_its_limit_wakes_at_the_next_utc_midnight():
    today = NOW // DAY

    (planned,) = look(Work(lane(day=today, day_used=5), 5, []), new=waiting([1]))

    assert (planned.slots, planned.lane.wake_at) == ((), (today + 1) * DAY)


def test_a_lane_at_its_limit_wakes_for_a_follow_up_before_midnight():
    today = NOW // DAY
    work = Work(lane(day=today, day_used=5), 5, waiting([8], due=NOW + HOUR, step=1))

    (planned,) = look(work, new=waiting([1]))

    assert planned.lane.wake_at == NOW + HOUR + CLOCK_SKEW


def test_a_new_day_brings_a_new_allowance():
    before_midnight = (NOW // DAY + 1) * DAY - 30 * SECOND
    spent = lane(day=NOW // DAY, day_used=1, wake_at=before_midnight)

    (planned,) = look(Work(spent, 1, []), new=waiting([1, 2]), now=before_midnight)

    assert times(planned) == [before_midnight + 30 * SECOND]
    assert planned.lane.first_steps(NOW // DAY + 1) == 1


ALL_WEEK = ((Span(9 * 60, 17 * 60),),) * 7
OFFICE = Hours(ALL_WEEK, "UTC")
"""NOW is the minute it opens."""


def test_nothing_leaves_outside_the_hours_of_its_sequence():
    closes = NOW + 8 * HOUR - 30 * SECOND

    (planned,) = look(
        Work(lane(), 1000, waiting([8], step=1)),
        new=waiting(range(1, 30)),
        sequence=replace(cadence(), hours=OFFICE),
        now=closes,
    )

    assert contacts(planned) == [8, 1, 2]
    assert max(times(planned)) < NOW + 8 * HOUR


def test_a_lane_sleeps_until_its_hours_open():
    (planned,) = look(
        Work(lane(), 1000, []), new=waiting(range(1, 9)), sequence=replace(cadence(), hours=OFFICE), now=NOW - HOUR
    )

    assert (planned.slots, planned.lane.wake_at) == ((), NOW)


def test_those_whose_zone_is_open_pass_the_others_in_order():
    here, there = waiting([2, 4, 6]), [replace(row, zone="Asia/Tokyo") for row in waiting([1, 3, 5])]
    rows = [row for pair in zip(there, here, strict=True) for row in pair]

    (planned,) = look(Work(lane(), 1000, []), new=rows, sequence=replace(cadence(), hours=OFFICE))

    assert contacts(planned) == [2, 4, 6]
    assert planned.lane.wake_at == NOW + RESERVED_FOR


def test_a_follow_up_of_an_open_zone_passes_one_that_is_due_before_it():
    row = waiting([1], step=1, due=NOW - 2 * HOUR)[0]
    rows = [replace(row, zone="Asia/Tokyo"), *waiting([2], step=1, due=NOW - HOUR)]

    (planned,) = look(Work(lane(), 1000, rows), sequence=replace(cadence(), hours=OFFICE))

    assert contacts(planned) == [2]


def test_the_earliest_opening_is_found_behind_one_that_is_due_before_it():
    first, second = waiting([1, 2], step=1, due=NOW - HOUR)
    rows = [replace(first, zone="Asia/Tokyo"), replace(second, due=NOW - MINUTE)]

    (planned,) = look(Work(lane(), 1000, rows), sequence=replace(cadence(), hours=OFFICE), now=NOW - HOUR)

    assert planned.lane.wake_at == NOW


def test_a_bounded_number_of_rows_is_passed_over():
    read = []

    def rows() -> Iterable[Waiting]:
        for row in waiting(range(1, 10_000)):
            read.append(row)
            yield row

    (planned,) = look(Work(lane(), 1000, []), new=rows(), sequence=replace(cadence(), hours=OFFICE), now=NOW - HOUR)

    assert len(read) == MOST_PASSED_OVER
    assert planned.lane.wake_at == NOW


def test_the_cap_of_a_sequence_counts_all_steps_of_all_lanes():
    works = Work(lane(1), 1000, waiting([8, 9], step=1)), Work(lane(2), 1000, [])

    plans = look(*works, new=waiting(range(1, 9)), cap=Cap(6, lambda _: 2))

    assert sum(len(planned.slots) for planned in plans) == 4
    assert {8, 9} < {contact for planned in plans for contact in contacts(planned)}


def test_a_capped_sequence_goes_on_after_midnight_or_when_a_place_may_have_come_back():
    midnight = (NOW // DAY + 1) * DAY
    work = Work(lane(), 1000, waiting([8], step=1))

    (planned,) = look(work, new=waiting([1]), cap=Cap(6, lambda _: 6))
    assert (planned.slots, planned.lane.wake_at) == ((), midnight)

    for lasts, wakes in ((NOW + MINUTE, NOW + MINUTE + LAPSES_SHOW_WITHIN), (NOW - LAPSES_SHOW_WITHIN, midnight)):
        (planned,) = look(work, new=waiting([1]), cap=Cap(6, lambda _: 6, lambda _, at=lasts: at))
        assert (planned.slots, planned.lane.wake_at) == ((), wakes)


def test_slots_before_midnight_count_for_the_day_after_it_too():
    """Their mails may leave on either day: neither may get more than its limit."""
    before_midnight = (NOW // DAY + 1) * DAY - 30 * SECOND

    (planned,) = look(Work(lane(), 4, []), new=waiting(range(1, 20)), now=before_midnight)

    assert len(planned.slots) == 4
    assert planned.lane.first_steps(NOW // DAY + 1) == 4


def test_the_next_day_begins_with_what_is_still_under_way_from_the_day_before():
    midnight = (NOW // DAY + 1) * DAY
    under_way = reserved(7, midnight + 5 * MINUTE)

    (planned,) = look(Work(lane(reserved=(under_way,)), 1, []), new=waiting([1]), now=midnight - MINUTE)

    assert planned.slots == ()
    assert planned.lane.wake_at is not None
    assert planned.lane.wake_at <= under_way.until


def test_a_lane_whose_sender_rests_begins_when_that_is_over():
    rests = Work(lane(), 1000, waiting([8], step=1), NOW + HOUR)

    resting, working = look(rests, Work(lane(2), 1000, []), new=waiting([1]))

    assert (resting.slots, resting.lane.wake_at) == ((), NOW + HOUR)
    assert contacts(working) == [1]
    (alone,) = look(rests)
    assert (alone.slots, alone.lane.wake_at) == ((), NOW + HOUR)


def test_a_look_fills_a_bounded_number_of_slots():
    (planned,) = look(Work(lane(), 10_000, []), new=waiting(range(1, 1000)), sequence=cadence(gap=(0, 0)))

    assert len(planned.slots) == MOST_SLOTS
    assert planned.lane.wake_at == NOW


def test_reading_stops_where_the_slots_end():
    read = []

    def rows() -> Iterable[Waiting]:
        for row in waiting(range(1, 10_000)):
            read.append(row)
            yield row

    (planned,) = look(Work(lane(), 10_000, []), new=rows())

    assert len(read) == len(planned.slots) + 1


def test_a_lane_with_nothing_to_do_sleeps():
    (planned,) = look(Work(lane(), 1000, []))

    assert planned.lane.wake_at is None


def test_a_lane_stays_awake_while_what_was_announced_may_not_show_yet():
    (planned,) = look(Work(lane(woken_at=NOW - SETTLES_WITHIN + 1), 1000, []))

    assert planned.lane.wake_at == NOW


def test_a_lane_watches_its_own_reservations_and_those_of_its_neighbours():
    """A neighbour's server may be dead: then its share falls back into the queue they both draw from."""
    neighbour = lane(2, reserved=(reserved(2, NOW + 4 * MINUTE),))

    (planned,) = look(Work(lane(), 1000, []), others=[neighbour])

    assert planned.lane.wake_at == NOW + 4 * MINUTE


def test_a_lane_that_has_no_slot_sooner_does_not_wake_for_what_its_neighbour_let_lapse():
    neighbour = lane(2, reserved=(reserved(2, NOW + 4 * MINUTE),))
    paced = Work(lane(next_free=NOW + 6 * MINUTE), 1000, [])

    for new in ([], waiting([1])):
        (planned,) = look(paced, new=new, others=[neighbour])

        assert planned.lane.wake_at == NOW + 6 * MINUTE


def test_a_lane_looks_into_what_lapsed_when_it_fills_its_next_slot():
    paced = Work(lane(next_free=NOW + 6 * MINUTE, reserved=(reserved(2, NOW + 4 * MINUTE),)), 1000, [])

    (planned,) = look(paced, new=waiting([1]))

    assert planned.lane.wake_at == NOW + 6 * MINUTE


def test_a_lane_looks_into_what_lapses_at_once_if_its_next_slot_is_far_off_or_nothing_waits_for_it():
    held = lane(reserved=(reserved(2, NOW + 4 * MINUTE),))
    paced = replace(held, next_free=NOW + 6 * MINUTE)
    slow = replace(held, next_free=NOW + 4 * MINUTE + LOOKS_INTO_WITHIN + 1)

    for its, new in ((slow, waiting([1])), (paced, []), (paced, waiting([1], due=NOW + HOUR))):
        (planned,) = look(Work(its, 1000, []), new=new)

        assert planned.lane.wake_at == NOW + 4 * MINUTE


def test_what_was_drawn_from_a_cap_is_looked_into_at_once():
    """Other lanes may wait for the place."""
    paced = Work(lane(next_free=NOW + 6 * MINUTE, reserved=(reserved(2, NOW + 4 * MINUTE),)), 1000, [])

    (planned,) = look(paced, new=waiting([1]), cap=Cap(6, lambda _: 2))

    assert planned.lane.wake_at == NOW + 4 * MINUTE


def test_a_lane_wakes_when_the_follow_up_of_what_it_just_sent_can_be_due():
    (planned,) = look(Work(lane(), 1000, []), new=waiting([1]), sequence=cadence(delays=(0, 2)))

    assert planned.lane.wake_at == NOW + 2 * MINUTE


def test_a_lane_that_may_not_send_sleeps_until_woken_or_a_reservation_lapses():
    held = (reserved(1, NOW + 2), reserved(2, NOW + 1))

    assert rest(lane(), NOW).lane.wake_at is None
    assert rest(lane(reserved=held), NOW).lane == lane(reserved=held, wake_at=NOW + 1)


def test_a_lane_that_was_just_woken_does_not_sleep_yet():
    """Whoever starts a sequence wakes its lanes first: a tick in between must not undo that."""
    fresh = lane(woken_at=NOW - 1)

    assert rest(fresh, NOW).lane == fresh


ROWS = st.lists(
    st.builds(
        Waiting,
        st.builds(EnrollmentKey, st.just(1), st.integers(1, 30)),
        st.just(0),
        st.integers(NOW - HOUR, NOW + HOUR),
        st.just(0),
    ),
    max_size=40,
)


@given(
    new=ROWS,
    deferred=ROWS,
    bound=ROWS,
    gap=st.tuples(st.integers(0, 30), st.integers(0, 60)).map(sorted),
    limits=st.tuples(st.integers(0, 10), st.integers(0, 10)),
    free=st.integers(NOW - HOUR, NOW + HORIZON),
)
def test_whatever_waits_the_rules_hold(new, deferred, bound, gap, limits, free):
    deferred, bound = sorted(deferred, key=lambda row: row.due), sorted(bound, key=lambda row: row.due)
    bound = [replace(row, step=1) for row in bound]
    works = [Work(lane(1, next_free=free), limits[0], bound), Work(lane(2), limits[1], [])]

    plans = look(*works, new=new, deferred=deferred, sequence=cadence(gap=tuple(gap)))

    taken = [slot.waiting.errand for planned in plans for slot in planned.slots]
    assert len(taken) == len(set(taken))
    for planned, work in zip(plans, works, strict=True):
        assert all(gap[0] * SECOND <= between for between in gaps(planned))
        assert all(max(NOW, slot.waiting.due) <= slot.at <= NOW + HORIZON for slot in planned.slots)
        assert all(slot.at >= work.lane.next_free for slot in planned.slots)
        assert all(planned.lane.first_steps(NOW // DAY + more) <= work.daily_limit for more in (0, 1))
        assert planned.lane.wake_at is None or planned.lane.wake_at >= NOW
        assert {slot.waiting.errand for slot in planned.slots} <= {entry.errand for entry in planned.lane.reserved}


@given(new=ROWS, limit=st.integers(0, 3))
def test_nothing_that_waits_is_ever_forgotten(new, limit):
    """As long as something is in the queue and not taken, the lane wakes in time for it."""
    (planned,) = look(Work(lane(), limit, []), new=new)

    taken = {slot.waiting.enrollment for slot in planned.slots}
    left = [row.due for row in new if row.enrollment not in taken]
    if left:
        midnight = (NOW // DAY + 1) * DAY
        assert planned.lane.wake_at is not None
        assert planned.lane.wake_at <= max(*left, planned.lane.next_free, midnight)
