"""Batches under random trouble, and with one fault at every call: every item answered once, counted, and ended once."""

import pytest

from tests.simulation.batch_bugs import BUGS, seeded
from tests.simulation.batch_schedules import SCENARIOS, drawn, every_fault, play, run

SCHEDULES = 400
_MOST_SCHEDULES = 600
EACH = pytest.mark.parametrize("scenario", SCENARIOS)


@EACH
def test_without_a_fault_a_batch_ends_as_it_should(scenario: str):
    violation, calls = play(scenario)

    assert violation is None
    assert calls > 10


@EACH
def test_no_single_fault_breaks_a_promise(scenario: str):
    for place, fault, violation in every_fault(scenario):
        assert violation is None, (place, fault, violation)


@pytest.mark.parametrize("part", range(4))
def test_no_schedule_breaks_a_promise(part: int):
    for seed in range(part, SCHEDULES, 4):
        violation = run(seed)
        assert violation is None, (seed, violation, drawn(seed)[0])


@pytest.mark.parametrize("bug", BUGS)
def test_the_oracle_sees_every_bug_that_is_put_in(bug: str):
    with seeded(bug):
        found = next((seed for seed in range(_MOST_SCHEDULES) if run(seed) is not None), None)

    assert found is not None
