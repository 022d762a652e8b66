"""Scheduled calls under trouble: seeds, one fault at every call, and bugs put into the production code."""

from collections.abc import Iterator

import pytest

from tests.simulation.bugs import seeded
from tests.simulation.call_bugs import CALL_BUGS
from tests.simulation.call_scenarios import SCENARIOS, every_fault, play
from tests.simulation.call_world import run
from tests.simulation.schedule import Result

CHUNK = 100
_FAULTED = ("the second one succeeds", "cancelled while it is called")
"""Scenarios that between them make every kind of call to the outside; the seeds strike the others."""


@pytest.mark.parametrize("first", range(0, 300, CHUNK))
def test_every_promise_is_kept_whatever_diallers_customers_and_networks_do(first: int):
    for seed in range(first, first + CHUNK):
        result = run(seed)
        assert result.violation is None, str(result)


@pytest.mark.parametrize("seed", [2_068, 3_722, 4_219, 9_539])
def test_what_was_found_stays_cured(seed: int):
    """A row made beside the deletion of its contact got a key that its group knew; a call that was taken away."""
    result = run(seed)

    assert result.violation is None, str(result)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_without_a_fault_nobody_is_called_but_as_designed(scenario: str):
    result = play(scenario)

    assert result.violation is None, str(result)
    assert result.counts["rows"] >= 1


@pytest.mark.parametrize("scenario", _FAULTED)
def test_no_single_fault_breaks_a_promise(scenario: str):
    for _, _, result in every_fault(scenario):
        assert result.violation is None, str(result)


def _results() -> Iterator[Result]:
    yield from map(play, SCENARIOS)
    yield from map(run, range(1_000))


@pytest.mark.parametrize("bug", CALL_BUGS)
def test_a_seeded_bug_is_found(bug: str):
    with seeded(CALL_BUGS[bug]):
        assert any(result.violation is not None for result in _results())
