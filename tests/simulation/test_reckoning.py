"""At the end lanes must count what their senders have sent, and no more than may have left."""

from random import Random

import pytest

from drumbeat.domain.lane import Lane
from drumbeat.domain.times import DAY, HOUR
from tests.simulation.oracle import Oracle
from tests.simulation.reckoning import _check_lane
from tests.simulation.records import Accepted, Claim, Violation, Who
from tests.simulation.scheduler import Process, Scheduler

TODAY = 20_800
NOW = TODAY * DAY + 10 * HOUR
ME = Who(tenant=1, sequence=1, contact=1, run=0)
COUNTS_ONE = Lane(1, 12, 1, None, 0, day=TODAY, day_used=1, day_sent=1)


def made_by(sender: int) -> Oracle:
    """An oracle that has seen one first step accepted from a sender, and both lanes reserve it."""
    oracle = Oracle(Scheduler(Random(0), NOW), lambda _: (ME, 0))
    claim = Claim(ME, Process("worker"), "owner", 0, 0, sender, NOW, 1, NOW + HOUR, 0)
    oracle.accepts[ME, 0, 0].append(Accepted(claim, NOW, sender))
    for place in ((1, 11), (1, 12)):
        oracle.first_steps_of[place].add((ME, 0))
    return oracle


def test_a_lane_counts_what_its_sender_made():
    _check_lane(made_by(12), COUNTS_ONE, is_retired=False)


def test_a_lane_must_not_count_what_another_sender_made():
    with pytest.raises(Violation, match="counts 1 first steps of 0 and 0 others"):
        _check_lane(made_by(11), COUNTS_ONE, is_retired=False)


def test_a_deleted_sender_s_lane_may_count_what_it_had_reserved_and_another_one_made():
    _check_lane(made_by(11), COUNTS_ONE, is_retired=True)


def test_a_deleted_sender_s_lane_must_not_count_what_it_had_never_reserved():
    oracle = made_by(11)
    oracle.first_steps_of.clear()

    with pytest.raises(Violation, match="drifted"):
        _check_lane(oracle, COUNTS_ONE, is_retired=True)
