"""Scenarios with one fault at every call to the outside, in five modes."""

import pytest

from tests.simulation.single_faults import SCENARIOS, every_fault, play

EACH = pytest.mark.parametrize("scenario", SCENARIOS)


@EACH
def test_without_a_fault_mails_leave(scenario: str):
    result = play(scenario)

    assert result.violation is None, str(result)
    assert result.counts["mails"] >= 2


@EACH
def test_no_single_fault_breaks_a_promise(scenario: str):
    for _, _, result in every_fault(scenario):
        assert result.violation is None, str(result)
