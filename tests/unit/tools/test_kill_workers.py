"""The moments of the kills are random, spread over the run, and the same for the same seed."""

from tools.local.kill_workers import points


def test_each_part_of_the_run_has_one_kill_and_a_seed_repeats_them() -> None:
    found = points(seed=7, kills=20, over=240)

    assert [int(point.at // 12) for point in found] == list(range(20))
    assert all(0 <= point.then < 1 for point in found)
    assert points(seed=7, kills=20, over=240) == found
    assert points(seed=8, kills=20, over=240) != found
