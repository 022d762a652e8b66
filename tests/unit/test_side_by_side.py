"""Jobs run side by side, their results are handed out soon, and nobody's end is overlooked."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from drumbeat.entrypoints.side_by_side import side_by_side


def test_every_result_is_handed_out_once_in_the_order_of_its_job():
    jobs = [iter([(job, place) for place in range(30)]) for job in range(4)]

    got = [result for part in side_by_side(jobs, linger=0.01) for result in part]

    assert sorted(got) == [(job, place) for job in range(4) for place in range(30)]
    assert all([place for job, place in got if job == one] == list(range(30)) for one in range(4))


def test_jobs_do_not_wait_for_each_other():
    """The first one waits until the second one is done: one after the other would never end."""
    second_is_done = threading.Event()

    def first() -> Iterator[str]:
        assert second_is_done.wait(5)
        yield "first"

    def second() -> Iterator[str]:
        yield "second"
        second_is_done.set()

    assert {result for part in side_by_side([first(), second()], linger=0) for result in part} == {"first", "second"}


def test_what_comes_close_together_is_handed_out_together():
    assert list(side_by_side([iter(range(10))], linger=5)) == [list(range(10))]


def test_no_more_than_a_request_takes_is_handed_out_at_once():
    assert max(len(part) for part in side_by_side([iter(range(100))], linger=5)) <= 25


def test_what_a_job_raises_is_raised_and_the_others_are_handed_out():
    def dies() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    got: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        got.extend(result for part in side_by_side([dies(), iter([2, 3])], linger=0) for result in part)
    assert sorted(got) == [1, 2, 3]


def test_an_endless_job_ends_when_nobody_takes_its_results():
    results = side_by_side([count()], linger=0)
    next(results)

    results.close()

    assert list(results) == []


def test_no_job_is_no_result():
    assert list(side_by_side([])) == []
