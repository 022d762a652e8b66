"""Cadences under trouble: seeds, one fault at every call, and bugs put into the production code."""

from collections.abc import Iterator
from itertools import chain

import pytest

from tests.simulation.bugs import seeded
from tests.simulation.cadence_bugs import CADENCE_BUGS
from tests.simulation.cadence_world import SCENARIOS, every_fault, play, run
from tests.simulation.schedule import Result

CHUNK = 250
EACH = pytest.mark.parametrize("scenario", SCENARIOS)


@pytest.mark.parametrize("first", range(0, 2_000, CHUNK))
def test_every_promise_is_kept_whatever_apps_and_networks_do(first: int):
    for seed in range(first, first + CHUNK):
        result = run(seed)
        assert result.violation is None, str(result)


@EACH
def test_without_a_fault_the_cadence_ends(scenario: str):
    result = play(scenario)

    assert result.violation is None, str(result)
    assert result.counts["mails"] >= 1


@EACH
def test_no_single_fault_breaks_a_promise(scenario: str):
    for _, _, result in every_fault(scenario):
        assert result.violation is None, str(result)


def _results() -> Iterator[Result]:
    yield from map(play, SCENARIOS)
    yield from chain.from_iterable((result for _, _, result in every_fault(name)) for name in _SHORT)
    yield from map(run, range(500))


_SHORT = ("an app that answers", "a silent app")
"""Scenarios with few calls."""


@pytest.mark.parametrize("bug", CADENCE_BUGS)
def test_a_seeded_bug_is_found(bug: str):
    with seeded(CADENCE_BUGS[bug]):
        assert any(result.violation is not None for result in _results())
