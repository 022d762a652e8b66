"""What docs/costs.json says that work takes is what it takes: counted anew, clocks left out."""

import json

import pytest

from tests.costs.measure import measured_counts
from tests.costs.tally import MEASURED
from tools.costs import COUNTS


def counted(counts):
    """Every number that is no time, by load, part and name."""
    return {
        (load, part, name): number
        for load, parts in counts.items()
        if load != "stack"
        for part, its in parts.items()
        for name, number in its.items()
        if name not in MEASURED
    }


def test_work_takes_what_is_written_down():
    written, now = counted(json.loads(COUNTS.read_text())), counted(measured_counts())

    assert written.keys() == now.keys()
    for (load, part, name), number in now.items():
        close = pytest.approx(written[load, part, name], rel=0.05, abs=0.02)
        assert number == close, (load, part, name, "make costs")
