"""A call group: who is called, who waits, who is too late; and what the end of the active one means for the others."""

from dataclasses import replace

import pytest

from drumbeat.domain.call_group import (
    CANCELLED,
    LOOK_AGAIN,
    REPLIED,
    SUCCEEDED,
    CallGroup,
    GroupName,
    Member,
    Place,
    Turn,
    activated,
    called_off,
    cleared,
    closed,
    end_of_chain,
    group_digest,
    joined,
    looked_at,
    passed_on,
    skipped,
    turn,
)
from drumbeat.domain.enrollment import OVER, Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import HOUR

NOW = 1_795_251_600_000  # 2026-11-21 09:00 UTC, a Saturday
NEW = CallGroup(GroupName(1, 2, group_digest("company", "Acme")))
State = EnrollmentState


def key(contact: int) -> EnrollmentKey:
    return EnrollmentKey(2, contact)


def group_of(many: int, accepted_at: int = NOW) -> CallGroup:
    """A group that so many have come to."""
    group = NEW
    for contact in range(1, many + 1):
        group = joined(group, key(contact), accepted_at).group
    return group


def member(state: EnrollmentState = State.ACTIVE, **fields: object) -> Enrollment:
    made = new_enrollment(1, key(1), batch_number=1, batch_tag="b1.0", now=NOW, zone="UTC")
    return replace(made, state=state, **fields)  # type: ignore[arg-type]


def agent(hours: Hours | None = None) -> Sequence:
    steps = (Step(1, "", "", 0),)
    made = Sequence(1, 2, "Agent", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, steps, (), NOW)
    return replace(made, hours=hours)


def test_the_first_is_called_and_the_others_wait_in_the_order_in_which_they_come():
    first = joined(NEW, key(1), NOW)
    second = joined(first.group, key(2), NOW)
    third = joined(second.group, key(3), NOW + 1)

    assert [entry.place for entry in (first, second, third)] == [Place.ACTIVE, Place.WAITING, Place.WAITING]
    assert [entry.ordinal for entry in (first, second, third)] == [1, 2, 3]
    assert (third.group.active, third.group.head, third.group.last) == (key(1), 2, 3)


def test_groups_of_equal_words_in_other_places_differ():
    digests = {
        group_digest("company", "Acme"),
        group_digest("company", "acme"),
        group_digest("compan", "y Acme"),
        group_digest("company Acme", ""),
        group_digest("", "company Acme"),
    }

    assert len(digests) == 5


def test_values_that_look_the_same_are_one_group():
    assert group_digest("company", " Caf\u00e9 ") == group_digest("company", "Cafe\u0301")


def test_who_was_accepted_by_the_end_of_the_chain_is_too_late_and_who_comes_later_begins_anew():
    over = closed(group_of(3), SUCCEEDED, NOW + 10)

    late, later = joined(over, key(4), NOW + 10), joined(over, key(5), NOW + 11)

    assert (late.place, late.group, late.ordinal) == (Place.CLOSED, over, 0)
    assert (later.place, later.ordinal, later.group.active) == (Place.ACTIVE, 4, key(5))


def test_a_clock_that_is_behind_closes_for_everybody_who_has_come():
    over = closed(group_of(2, accepted_at=NOW), SUCCEEDED, NOW - HOUR)
    again = closed(over, SUCCEEDED, NOW - 2 * HOUR)

    assert over.closed_at == again.closed_at == NOW
    assert joined(over, key(3), NOW).place is Place.CLOSED


def test_the_end_of_the_last_one_without_success_leaves_the_group_open():
    group = passed_on(group_of(1), None)

    assert (group.active, group.closed_at, group.is_waited_in) == (None, None, False)
    assert joined(group, key(2), NOW - HOUR).place is Place.ACTIVE


def test_the_turn_passes_to_a_member_and_those_before_it_never_get_one():
    group = passed_on(group_of(4), Member(3, key(3)))

    assert (group.active, group.head) == (key(3), 4)
    assert skipped(group_of(4), 3).active == key(1)
    assert skipped(group_of(4), 3).head == 4


@pytest.mark.parametrize("state", [State.ACTIVE, State.PAUSED, State.PARKED, State.WAITING, State.HELD])
def test_who_is_not_over_keeps_the_turn(state):
    assert turn(member(state)) is Turn.HOLDS


@pytest.mark.parametrize("state", sorted(OVER | {State.DELETED}))
def test_an_end_without_success_passes_the_turn_on(state):
    assert turn(member(state)) is Turn.PASSES_ON
    assert turn(None) is Turn.PASSES_ON


@pytest.mark.parametrize("state", sorted(OVER | {State.DELETED}))
@pytest.mark.parametrize(
    ("facts", "because"),
    [({"succeeded_at": NOW}, SUCCEEDED), ({"replied_at": NOW}, REPLIED), ({"finished_at": NOW}, CANCELLED)],
)
def test_a_success_a_reply_and_a_cancel_close_whatever_became_of_the_enrollment_then(state, facts, because):
    assert turn(member(state, **facts)) is Turn.CLOSES
    assert end_of_chain(member(state, **facts)) == because


def test_a_group_is_looked_at_again_exactly_while_somebody_waits_or_has_not_heard():
    alone, waited = group_of(1), group_of(3, accepted_at=NOW)
    over = closed(waited, SUCCEEDED, NOW)

    assert alone.look_at is None
    assert waited.look_at == over.look_at == NOW + LOOK_AGAIN
    assert passed_on(waited, Member(3, key(3))).look_at is None
    assert passed_on(waited, Member(2, key(2))).look_at == NOW + LOOK_AGAIN
    assert cleared(over, 2).look_at == NOW + LOOK_AGAIN
    assert cleared(over, 3).look_at is None
    assert looked_at(over, NOW + HOUR).look_at == NOW + HOUR + LOOK_AGAIN
    assert looked_at(alone, NOW).look_at is None


def test_only_those_who_waited_have_to_hear_of_the_end():
    group = passed_on(group_of(5), Member(3, key(3)))

    over = closed(group, SUCCEEDED, NOW)

    assert (over.active, over.head, over.closed_through, over.cleared_through) == (None, 6, 5, 3)
    assert closed(group_of(1), SUCCEEDED, NOW).is_cleared


def test_who_has_not_heard_of_one_end_hears_of_it_after_the_next():
    first = closed(group_of(3), SUCCEEDED, NOW)
    second = closed(joined(first, key(4), NOW + 1).group, CANCELLED, NOW + 2)

    assert (second.cleared_through, second.closed_through) == (1, 4)


def test_who_is_activated_is_due_now_or_when_it_wished():
    waiting = member(State.WAITING, due=NOW + HOUR, timed=False)

    early, late = activated(waiting, agent(), NOW), activated(waiting, agent(), NOW + 2 * HOUR)

    assert (early.state, early.due, early.timed) == (State.ACTIVE, NOW + HOUR, True)
    assert (late.state, late.due, late.timed) == (State.ACTIVE, NOW + 2 * HOUR, False)


def test_who_is_activated_while_the_window_is_closed_waits_for_it_unless_it_may_be_called_at_any_time():
    mornings = Hours(((Span(8 * 60, 9 * 60),),) * 7, "UTC")
    at_nine = NOW - NOW % (24 * HOUR) + 9 * HOUR + 1
    waiting = member(State.WAITING, due=at_nine - HOUR)

    assert activated(waiting, agent(mornings), at_nine).due == at_nine - 1 + 23 * HOUR
    assert activated(replace(waiting, anytime=True), agent(mornings), at_nine).due == at_nine


def test_who_was_to_be_called_at_a_time_outside_the_windows_is_called_inside_them_once_it_is_an_hour_past():
    mornings = Hours(((Span(8 * 60, 9 * 60),),) * 7, "UTC")
    at_nine = NOW - NOW % (24 * HOUR) + 9 * HOUR + 1
    waiting = member(State.WAITING, due=at_nine - HOUR - 1, anytime=True)

    told = activated(waiting, agent(mornings), at_nine)

    assert (told.due, told.anytime) == (at_nine - 1 + 23 * HOUR, False)


def test_who_is_called_off_is_finished_and_told_why():
    told = called_off(member(State.PAUSED, paused_at=NOW, paused_reason="x"), SUCCEEDED, NOW)

    assert (told.state, told.finished_at, told.exit_reason) == (State.FINISHED, NOW, SUCCEEDED)
    assert told.paused_at is None
