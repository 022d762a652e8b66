"""Mail that was damaged on its way: read without an exception, and nobody is called dead by it (ADR 46)."""

import pytest

from tests.inbound_samples import SAMPLES, raw_of, read
from tests.simulation.inbound_fuzz import MUTATIONS, mutated, mutated_elsewhere, wrong

SEEDS = 2 * len(MUTATIONS)
REPORTS = [
    name
    for name, expected in SAMPLES.items()
    if b"delivery-status\n" in raw_of(name) and any(status for _, status, _, _ in expected.told)
]


@pytest.mark.parametrize("name", SAMPLES)
def test_no_mutation_makes_a_living_address_dead(name: str):
    found = {}
    for seed in range(SEEDS):
        raw, changed, how = mutated(name, seed)
        problem = wrong(raw, changed)
        if problem:
            found[seed, how] = problem

    assert found == {}


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_changed_around_a_report_for_machines_changes_nothing_in_it(name: str):
    told = {read(mutated_elsewhere(name, seed)[1]).returned for seed in range(10)}

    assert told == {read(raw_of(name)).returned}


def test_there_are_reports_for_machines_of_many_servers():
    assert len(REPORTS) >= 25
