"""Seeded schedules, the first half: each draws a small world with trouble and users, and every promise is kept."""

import pytest

from tests.simulation.schedule import run

CHUNK = 500


def keep_every_promise(first: int) -> None:
    """Runs a chunk of seeds; the first one that breaks a promise tells its story."""
    for seed in range(first, first + CHUNK):
        result = run(seed)
        assert result.violation is None, str(result)


@pytest.mark.parametrize("first", range(0, 5_000, CHUNK))
def test_every_promise_is_kept_whatever_goes_wrong(first: int):
    keep_every_promise(first)


def test_a_seed_tells_the_same_story_twice():
    told = [run(seed) for seed in (3, 3)]

    assert told[0].calls == told[1].calls > 50
    assert told[0].counts == told[1].counts
    assert told[0].faults == told[1].faults
