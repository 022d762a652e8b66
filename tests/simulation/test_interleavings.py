"""Critical pairs in every order of their calls, up to two or three preemptions."""

import pytest

from tests.simulation.interleavings import PAIRS, every_order


@pytest.mark.parametrize("pair", PAIRS)
def test_no_order_breaks_a_promise(pair: str):
    orders = 0
    for result in every_order(pair):
        orders += 1
        assert result.violation is None, str(result)

    assert orders > 20
