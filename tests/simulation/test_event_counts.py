"""Recipients react at random while publishers die, repeat and run side by side: log and counters stay exact."""

from collections import Counter

import pytest

from tests.simulation.bugs import seeded
from tests.simulation.event_bugs import EVENT_BUGS
from tests.simulation.event_world import run

SEEDS = range(150)


def test_every_fact_is_logged_and_counted_once_whatever_goes_wrong():
    refused: Counter[str] = Counter()
    for seed in SEEDS:
        result = run(seed)
        assert result.violation is None, str(result)
        refused.update(result.faults)
    assert min(refused["throttle"], refused["crash_after"], refused["late"]) > 10


@pytest.mark.parametrize("bug", EVENT_BUGS)
def test_a_seeded_bug_is_found(bug: str):
    with seeded(EVENT_BUGS[bug]):
        assert any(run(seed).violation is not None for seed in SEEDS)
