"""Schedules at AmpOut's pace: lanes wait longer for their next slot than what they reserved takes to lapse."""

from dataclasses import replace
from random import Random

import pytest

from drumbeat.domain.times import MINUTE
from tests.simulation.faults import RandomFaults
from tests.simulation.options import Options, drawn
from tests.simulation.schedule import Result, finish
from tests.simulation.world import World, scenery_of

SCHEDULES = 100
CHUNK = 25


def at_a_slow_pace(seed: int) -> Options:
    """The schedule of a seed, with minutes between a sender's mails, more of them, and trouble for as long."""
    options, pick = drawn(seed), Random(seed + 2).choice
    min_wait = pick((90, 120, 200, 300))
    return replace(
        options,
        trouble_for=pick((4, 8, 15)) * MINUTE,
        lanes=pick((1, 2, 3)),
        enrollments=options.enrollments * pick((1, 2)),
        step_delay=pick((0, 1, 4, 10)),
        min_wait=min_wait,
        max_wait=min_wait + pick((0, 60, 300)),
        own_wait=None if options.own_wait is None else min_wait + 30,
        early_ticks=pick((True, False)),
    )


def run_slowly(seed: int) -> Result:
    """Runs the schedule."""
    options, rng = at_a_slow_pace(seed), Random(seed + 1)
    faults = RandomFaults(rng, options.fault_rate, options.fault_kinds, options.slow)
    world = World(options, scenery_of(options, rng), rng, faults)
    return finish(world, world.trouble, replay=f"{seed}, slowly")


@pytest.mark.parametrize("first", range(0, SCHEDULES, CHUNK))
def test_every_promise_is_kept_at_a_pace_of_minutes(first: int):
    for seed in range(first, first + CHUNK):
        result = run_slowly(seed)
        assert result.violation is None, str(result)
