"""Rows that are no mails: they wait for no gap, count for no sender, and neither hold up mails nor are held up."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

import pytest

from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.domain.allowance import MOST_DRAWN, Cap
from drumbeat.domain.enrollment import Awaits, Enrollment, new_enrollment
from drumbeat.domain.hint import Counts, Hint, UnreadableHint, hint_of, message_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import RESERVED_FOR, Lane, Reservation, audit
from drumbeat.domain.plan import HORIZON, Bound, Plan, Queues, Work, plan
from drumbeat.domain.runner import MOST_SLOTS
from drumbeat.domain.sequence import DraftStrategy, SequenceStatus, Step, StepKind
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND, utc_day
from drumbeat.domain.waiting import MOST_ERRANDS_PASSED, MOST_MAILS_PASSED, Waiting, counts_of

NOW = 20_000 * DAY + 9 * HOUR
DUE = NOW - HOUR
MAIL, WRITTEN, WAIT, INVITE = range(4)
STEPS = (
    Step(1, "s", "b", 0),
    Step(2, "s", "b", 60, draft=DraftStrategy.AI),
    Step(3, "", "", 60, kind=StepKind.WAIT),
    Step(4, "", "", 60, kind=StepKind.LINKEDIN_CONNECT),
)


def cadence(number: int = 2, steps: tuple[Step, ...] = STEPS) -> Cadence:
    return Cadence(1, number, "n", SequenceStatus.ACTIVE, None, 60, 60, False, 8.0, steps, (), 0)


def lane(**state: object) -> Lane:
    fields: dict[str, object] = {"revision": 1, "wake_at": NOW, "woken_at": DUE, "serves": (2,)}
    return Lane(1, 7, **(fields | state))  # type: ignore[arg-type]


def row(contact: int, step: int, *, due: int = DUE, sequence: int = 2, **state: object) -> Waiting:
    return Waiting(EnrollmentKey(sequence, contact), step, due, 0, bound=True, **state)  # type: ignore[arg-type]


def look(
    *bound: Bound,
    of: Lane | None = None,
    cap: Cap | None = None,
    caps: dict[int, Cap] | None = None,
    daily_mails: int | None = None,
) -> Plan:
    work = Work(of or lane(), 1000, (), daily_mails=daily_mails, bound=bound)
    known = caps or ({} if cap is None else {2: cap})
    (planned,) = plan([work], Queues(), sequence=None, others=[], caps=known, now=NOW, rng=Random(7))  # noqa: S311
    return planned


def follow_ups(rows: Iterable[Waiting]) -> Bound:
    return Bound(cadence(), follow_ups=rows)


def taken(planned: Plan) -> list[tuple[int, int]]:
    return [(slot.waiting.enrollment.contact, slot.at - NOW) for slot in planned.slots]


@pytest.mark.parametrize(
    ("step", "state", "counts"),
    [
        (MAIL, {}, Counts.MAIL),
        (MAIL, {"awaits": Awaits.ACCEPT}, Counts.NOTHING),
        (WRITTEN, {}, Counts.NOTHING),
        (WRITTEN, {"awaits": Awaits.DRAFT}, Counts.NOTHING),
        (WRITTEN, {"drafted": WRITTEN}, Counts.MAIL),
        (WRITTEN, {"drafted": MAIL}, Counts.NOTHING),
        (WAIT, {}, Counts.NOTHING),
        (INVITE, {}, Counts.STEP),
        (INVITE, {"awaits": Awaits.STEP}, Counts.NOTHING),
        (len(STEPS), {}, Counts.NOTHING),
    ],
)
def test_what_a_row_counts_for(step, state, counts):
    assert counts_of(cadence(), row(1, step, **state)) is counts


@pytest.mark.parametrize("left_over", [row(1, 3), row(1, 0, awaits=Awaits.DRAFT)])
def test_what_is_left_over_from_other_steps_counts_as_a_mail_where_there_is_nothing_else(left_over):
    assert counts_of(cadence(steps=STEPS[:1]), left_over) is Counts.MAIL


def test_what_is_no_mail_leaves_at_once_beside_the_mails_and_no_gap_follows_it():
    rows = [row(1, MAIL), row(2, WAIT), row(3, MAIL), row(4, INVITE), row(5, WRITTEN), row(6, MAIL)]

    planned = look(follow_ups(rows), of=lane(next_free=NOW + MINUTE))

    assert taken(planned) == [(1, MINUTE), (3, 2 * MINUTE), (4, 0), (2, 0), (5, 0)]
    assert planned.lane.next_free == NOW + 3 * MINUTE
    assert [entry.counts for entry in planned.lane.reserved] == [2, 2, 1, 0, 0]


def test_what_may_be_no_mail_is_looked_into_as_soon_as_it_lapses():
    held = Reservation(EnrollmentKey(2, 9), MAIL, 0, NOW - RESERVED_FOR + MINUTE, NOW + MINUTE)

    planned = look(follow_ups([row(1, MAIL)]), of=lane(next_free=NOW + 4 * MINUTE, reserved=(held,)))

    assert planned.lane.wake_at == NOW + MINUTE


def test_a_lane_without_mails_keeps_its_next_slot():
    assert look(follow_ups([row(2, WAIT)]), of=lane(next_free=NOW - DAY)).lane.next_free == NOW - DAY


def test_only_mails_count_for_the_sender_and_only_what_the_lead_gets_for_the_sequence():
    rows = [row(1, INVITE), row(2, WAIT), row(3, INVITE), row(4, MAIL), row(5, MAIL), row(6, WRITTEN)]

    assert {contact for contact, _ in taken(look(follow_ups(rows), daily_mails=1))} == {1, 2, 3, 4, 6}
    capped = look(follow_ups(rows), cap=Cap(3, lambda _: 0))
    assert {contact for contact, _ in taken(capped)} == {4, 5, 1, 2, 6}
    assert capped.lane.wake_at == NOW + RESERVED_FOR
    assert {contact for contact, _ in taken(look(follow_ups(rows), cap=Cap(3, lambda _: 3)))} == {2, 6}


def test_the_cap_of_a_sequence_goes_to_who_was_due_first():
    """Mails wait for their gap: without that, what needs none would take all places of the day."""
    mails, invites = [row(contact, MAIL) for contact in range(1, 6)], [row(contact, INVITE) for contact in range(6, 9)]
    rows = [*mails, *invites, row(9, WAIT)]

    assert {contact for contact, _ in taken(look(follow_ups(rows), cap=Cap(6, lambda _: 0)))} == {1, 2, 3, 6, 9}
    no_more_mails = look(follow_ups(rows), cap=Cap(3, lambda _: 0), daily_mails=0)
    assert {contact for contact, _ in taken(no_more_mails)} == {6, 7, 8, 9}


def test_five_thousand_answers_that_are_overdue_hold_up_no_mail_and_no_look_gets_too_long():
    awaited = [row(contact, INVITE, awaits=Awaits.STEP) for contact in range(1, MOST_ERRANDS_PASSED)]

    planned = look(follow_ups([*awaited, row(99_999, MAIL)]))

    assert (len(planned.slots), planned.slots[0].waiting.enrollment.contact) == (MOST_SLOTS, 99_999)
    assert planned.lane.wake_at == NOW


def counted(rows: Iterable[Waiting], read: list[Waiting]) -> Iterator[Waiting]:
    for entry in rows:
        read.append(entry)
        yield entry


def test_what_is_not_due_for_long_is_not_read_to_find_a_mail_behind_it():
    read: list[Waiting] = []
    awaited = (row(contact, INVITE, due=NOW + HOUR, awaits=Awaits.STEP) for contact in range(1, 100_000))

    planned = look(follow_ups(counted(awaited, read)))

    assert (planned.slots, planned.lane.wake_at, len(read)) == ((), read[0].due + 100, 1)


def test_mails_that_wait_for_their_turn_do_not_hold_up_the_others():
    read: list[Waiting] = []
    many = [row(contact, MAIL) for contact in range(1, MOST_MAILS_PASSED)]

    planned = look(follow_ups(counted([*many, row(5_000, INVITE), *many], read)))

    assert (5_000, 0) in taken(planned)
    assert len(read) <= MOST_MAILS_PASSED + 5


def test_without_a_gap_mails_leave_room_for_the_others():
    at_once = replace(cadence(), min_wait_seconds=0, max_wait_seconds=0)
    many = [row(contact, MAIL) for contact in range(1, 1_000)]

    planned = look(Bound(at_once, follow_ups=[*many, row(5_000, WAIT)]))

    assert (5_000, 0) in taken(planned)
    assert len(planned.slots) <= MOST_SLOTS


def test_a_mail_need_not_wait_until_the_request_for_its_draft_is_forgotten():
    asked = Reservation(EnrollmentKey(2, 1), WRITTEN, 0, NOW - MINUTE, NOW + MINUTE, Counts.NOTHING)
    entries = lane(reserved=(asked,))

    assert taken(look(follow_ups([row(1, WRITTEN, drafted=WRITTEN)]), of=entries)) == [(1, 0)]
    assert look(follow_ups([row(1, WRITTEN)]), of=entries).slots == ()
    mailed = lane(reserved=(replace(asked, counts=Counts.MAIL),))
    assert look(follow_ups([row(1, WRITTEN, drafted=WRITTEN)]), of=mailed).slots == ()


def test_a_look_draws_from_no_more_allowances_than_fit_a_transaction():
    numbers = range(2, 2 * MOST_DRAWN)
    bound = [Bound(cadence(number), follow_ups=[row(number, INVITE, sequence=number)]) for number in numbers]

    first = look(*bound, of=lane(serves=tuple(numbers)), caps={number: Cap(9, lambda _: 0) for number in numbers})
    later = look(*bound, of=first.lane, caps={number: Cap(9, lambda _: 0) for number in numbers})

    assert (len(first.slots), first.lane.wake_at) == (MOST_DRAWN, NOW)
    assert {contact for contact, _ in taken(first)} | {contact for contact, _ in taken(later)} == set(numbers)


def left(counts: Counts, *, now: int = NOW, at: int = NOW - RESERVED_FOR, **state: object) -> Lane:
    key = EnrollmentKey(2, 1)
    made = new_enrollment(1, key, batch_number=1, batch_tag="t", now=DUE - DAY, bound_to=7)
    fields: dict[str, object] = {"step": INVITE, "sender": 7, **state}
    found: Enrollment = replace(made, **fields)  # type: ignore[arg-type]
    entry = Reservation(key, INVITE, 0, at, at + RESERVED_FOR, counts)
    return audit(lane(reserved=(entry,)), {(1, key): found}, now).lane


def test_a_step_that_the_app_was_asked_for_counts_for_its_sequence_alone():
    day = utc_day(NOW)

    asked = left(Counts.STEP, awaits=Awaits.STEP)
    assert (asked.steps_of(2, day), asked.mails(day), asked.first_steps(day)) == (1, 0, 0)
    done = left(Counts.STEP, step=INVITE + 1, last_sent_at=NOW - MINUTE)
    assert (done.steps_of(2, day), done.mails(day)) == (1, 0)


def test_an_answer_noted_by_a_clock_that_is_behind_counts_on_the_day_of_its_slot():
    midnight = utc_day(NOW) * DAY

    done = left(Counts.STEP, at=midnight + SECOND, now=midnight + HOUR, step=INVITE + 1, last_sent_at=midnight - SECOND)

    assert done.steps_of(2, utc_day(NOW)) == 1


@pytest.mark.parametrize("state", [{}, {"awaits": Awaits.ACCEPT}, {"step": INVITE + 1, "last_sent_at": NOW - 9 * DAY}])
def test_a_step_that_the_app_was_not_asked_for_gives_its_place_back(state):
    assert left(Counts.STEP, **state).steps_of(2, utc_day(NOW)) == 0


def test_what_is_no_step_of_the_lead_s_counts_for_nothing():
    assert left(Counts.NOTHING, step=INVITE + 1, last_sent_at=NOW).day_steps == {}


def test_while_nobody_knows_on_which_side_of_midnight_a_mail_left_it_counts_for_both_days():
    midnight = (utc_day(NOW) + 1) * DAY
    at, state = midnight - 5 * MINUTE, {"parked_reason": "?"}

    before = left(Counts.MAIL, at=at, now=midnight - MINUTE, **state)
    after = left(Counts.MAIL, at=at, now=midnight, **state)

    assert [before.mails(utc_day(NOW) + days) for days in (0, 1)] == [1, 1]
    assert before.reserved[0].until == midnight
    assert ([after.mails(utc_day(NOW) + days) for days in (0, 1)], after.reserved) == ([1, 1], ())


def test_reservations_that_were_stored_without_what_they_count_for_are_mails():
    stored = {"tenant": 1, "sender": 7, "revision": 1, "woken_at": 0}
    entries = [[2, 1, 0, 0, 0, NOW, NOW], [2, 2, 0, 0, 0, NOW, NOW, 0], [2, 3, 0, 0, 0, NOW, NOW, 1]]

    found = lane_of({**stored, "reserved": entries})

    assert [entry.counts for entry in found.reserved] == [Counts.MAIL, Counts.NOTHING, Counts.STEP]


@pytest.mark.parametrize("counts", Counts)
def test_a_hint_says_what_it_counts_for(counts):
    hint = Hint(1, EnrollmentKey(2, 1), 0, 0, 7, NOW, bound=True, counts=counts)

    assert hint_of(message_of(hint)) == hint


def test_a_hint_that_counts_for_something_unknown_is_kept_for_who_knows():
    with pytest.raises(UnreadableHint):
        hint_of(message_of(Hint(1, EnrollmentKey(2, 1), 0, 0, 7, NOW)) | {"counts": 9})


def test_the_horizon_holds_for_errands_too():
    assert look(follow_ups([row(1, WAIT, due=NOW + HORIZON)])).slots == ()
