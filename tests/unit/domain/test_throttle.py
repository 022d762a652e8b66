"""Throttles: how many may be let in, when those inside are counted anew, and when it is worth looking again."""

from dataclasses import replace

import pytest

from drumbeat.domain.sequence import Sequence, SequenceStatus
from drumbeat.domain.throttle import (
    ANNOUNCED_FOR,
    COUNTED_AGAIN_AFTER,
    Throttle,
    counted,
    is_throttled,
    must_count,
    next_look,
    places,
    with_let_in,
)
from drumbeat.domain.times import DAY, MINUTE, utc_day

NOW = 20_800 * DAY + 5 * MINUTE
SEQUENCE = Sequence(1, 1, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (), (), 0)
FRESH = Throttle(1, 1, 1, NOW, NOW)
A_DAY, AT_A_TIME = replace(SEQUENCE, max_adds_per_day=3), replace(SEQUENCE, max_active=3)


def test_without_bounds_or_with_a_paused_throttle_everybody_is_let_in():
    for sequence in (SEQUENCE, replace(A_DAY, throttle_paused=True)):
        assert not is_throttled(sequence)
        assert places(FRESH, sequence, NOW) is None
        assert not must_count(FRESH, sequence, NOW)


def test_the_day_s_places_are_used_up_and_there_again_at_midnight():
    used = with_let_in(FRESH, 2, NOW)

    assert places(FRESH, A_DAY, NOW) == 3
    assert places(used, A_DAY, NOW) == 1
    assert places(with_let_in(used, 1, NOW), A_DAY, NOW) == 0
    assert places(used, A_DAY, (utc_day(NOW) + 1) * DAY) == 3


def test_a_late_clock_gives_no_day_back():
    used = with_let_in(FRESH, 3, NOW)

    assert places(used, A_DAY, NOW - 10 * MINUTE) == 0
    assert with_let_in(used, 1, NOW - 10 * MINUTE).day_count == 4


def test_nobody_is_let_in_before_those_inside_were_counted():
    assert places(FRESH, AT_A_TIME, NOW) == 0
    assert must_count(FRESH, AT_A_TIME, NOW)
    assert places(counted(FRESH, 1, NOW), AT_A_TIME, NOW) == 2


@pytest.mark.parametrize("inside", [3, 7])
def test_a_full_sequence_is_counted_anew_after_ten_minutes_only(inside):
    full = with_let_in(counted(FRESH, inside - 1, NOW - MINUTE), 1, NOW)

    assert places(full, AT_A_TIME, NOW) == 0
    assert not must_count(full, AT_A_TIME, NOW + COUNTED_AGAIN_AFTER - 1)
    assert must_count(full, AT_A_TIME, NOW + COUNTED_AGAIN_AFTER)
    assert next_look(full, AT_A_TIME, is_empty=False, now=NOW) == NOW + COUNTED_AGAIN_AFTER


def test_while_there_is_room_nobody_counts():
    assert not must_count(counted(FRESH, 2, 0), AT_A_TIME, NOW)


def test_the_tighter_bound_holds():
    both = replace(SEQUENCE, max_active=10, max_adds_per_day=2)

    assert places(counted(FRESH, 9, NOW), both, NOW) == 1
    assert places(counted(FRESH, 0, NOW), both, NOW) == 2


def test_a_day_that_is_used_up_is_looked_at_again_at_midnight():
    used = with_let_in(FRESH, 3, NOW)

    assert next_look(used, A_DAY, is_empty=False, now=NOW) == (utc_day(NOW) + 1) * DAY


def test_what_was_announced_is_looked_for_a_while_and_then_no_more():
    assert next_look(FRESH, A_DAY, is_empty=True, now=NOW) == NOW + MINUTE
    assert next_look(FRESH, A_DAY, is_empty=True, now=NOW + ANNOUNCED_FOR) is None


def test_with_room_and_somebody_waiting_it_is_looked_at_every_minute():
    assert next_look(FRESH, A_DAY, is_empty=False, now=NOW) == NOW + MINUTE
