"""Seeded schedules, the second half, in a file of its own so that two processes can share them."""

import pytest

from tests.simulation.test_schedules import CHUNK, keep_every_promise


@pytest.mark.parametrize("first", range(5_000, 10_000, CHUNK))
def test_every_promise_is_kept_whatever_goes_wrong(first: int):
    keep_every_promise(first)
