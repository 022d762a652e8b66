"""Whatever a search prints as its replay is known to the replay, and the soak runs every world."""

import shlex

import pytest

from tests.simulation import cadence_world, call_scenarios, call_world, schedule
from tests.simulation.faults import Fault
from tests.simulation.replay import replayed
from tests.simulation.soak import WORLDS, tried


@pytest.mark.parametrize(
    "found",
    [
        schedule.run(5),
        cadence_world.run(5),
        cadence_world.play("a silent app", 7, Fault.LOST),
        call_world.run(5),
        call_scenarios.play("a success closes", 7, Fault.CRASH_AFTER),
    ],
    ids=lambda found: found.replay,
)
def test_what_was_found_is_found_again(found: schedule.Result):
    again = replayed(*shlex.split(found.replay))

    assert (again.options, again.calls, again.counts) == (found.options, found.calls, found.counts)


@pytest.mark.parametrize("world", WORLDS)
def test_a_soak_counts_what_happened(world: str):
    total = tried(world, 0, 3)

    assert total["schedules"] == 3
    assert total["calls"] > 0
