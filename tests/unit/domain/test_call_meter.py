"""What a key may count on, and what it cannot get by calling many containers at once."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from drumbeat.domain.call_meter import BLOCK, TELL_EVERY, CallLimit, CallMeter
from drumbeat.domain.times import HOUR, MINUTE, SECOND

START = 1_763_700_000_000 // (BLOCK * HOUR) * BLOCK * HOUR
LIMITS = [CallLimit(10, SECOND), CallLimit(60, MINUTE), CallLimit(1_000, HOUR)]
ANY_LIMIT = pytest.mark.parametrize("limit", LIMITS, ids=["10 a second", "60 a minute", "1,000 an hour"])


@dataclass
class Containers:
    """Containers that take the calls of one key, and the counter that they share."""

    limit: CallLimit
    number: int
    answers: bool = True
    counted: Counter[tuple[int, int]] = field(default_factory=Counter)
    writes: int = 0
    calls: int = 0
    granted: Counter[int] = field(default_factory=Counter)

    def __post_init__(self):
        self.meters = [CallMeter() for _ in range(self.number)]

    def tell(self, block, calls):
        self.writes += 1
        if not self.answers:
            return None
        for window, count in calls.items():
            self.counted[block, window] += count
        return {window: count for (known, window), count in self.counted.items() if known == block}

    def call(self, container, now):
        standing = self.meters[container].take(self.limit, now, self.tell)
        self.calls += 1
        self.granted[now // self.limit.window] += standing.granted
        return standing

    def most_above_the_limit(self):
        """By how many calls any run of windows of a block came out above that many limits."""
        most = level = 0
        for window in range(min(self.granted), max(self.granted) + 1):
            level = 0 if window % BLOCK == 0 else max(0, level)
            level += self.granted[window] - self.limit.calls
            most = max(most, level)
        return most


@ANY_LIMIT
@pytest.mark.parametrize("seed", range(4))
def test_a_key_that_keeps_to_its_limit_is_never_refused_however_many_containers_take_its_calls(limit, seed):
    chance = random.Random(seed)  # noqa: S311
    containers = Containers(limit, chance.randint(1, 40))

    standings = []
    for window in range(3 if limit.calls > 100 else 70):
        moments = sorted(chance.randrange(limit.window) for _ in range(limit.calls))
        standings += [
            containers.call(chance.randrange(containers.number), START + window * limit.window + moment)
            for moment in moments
        ]

    assert all(standing.granted for standing in standings)
    assert containers.writes <= containers.calls / 10


@ANY_LIMIT
@pytest.mark.parametrize("number", [1, 7, 25])
@pytest.mark.parametrize("greed", [1.2, 3, 10])
def test_a_key_gets_no_more_than_its_limit_and_ten_calls_for_each_container(limit, number, greed):
    chance = random.Random(number)  # noqa: S311
    containers = Containers(limit, number)

    windows = 2 if limit.calls > 100 else 65
    for window in range(windows):
        for moment in sorted(chance.randrange(limit.window) for _ in range(int(limit.calls * greed))):
            containers.call(chance.randrange(number), START + window * limit.window + moment)

    assert containers.most_above_the_limit() <= TELL_EVERY * number
    assert containers.writes <= containers.calls / 10
    # It gets what it is granted, too: being greedy is not punished with less.
    assert sum(containers.granted.values()) >= windows * limit.calls - TELL_EVERY * number


@ANY_LIMIT
def test_the_calls_that_make_the_most_of_what_containers_do_not_know_stay_within_the_bound(limit):
    """All containers come close to telling, then all call at once, in window after window."""
    containers = Containers(limit, 12)

    for window in range(BLOCK if limit.calls < 100 else 1):
        for _ in range(max(2 * TELL_EVERY, limit.calls // 12 + TELL_EVERY)):
            for container in range(12):
                containers.call(container, START + window * limit.window)

    assert 0 < containers.most_above_the_limit() <= TELL_EVERY * 12


@ANY_LIMIT
def test_one_container_is_exact(limit):
    containers = Containers(limit, 1)

    granted = [containers.call(0, START + index % 2).granted for index in range(limit.calls + 50)]

    assert granted == [True] * limit.calls + [False] * 50


def test_calls_too_many_are_owed_in_the_next_windows_and_forgotten_with_the_block():
    limit = CallLimit(10, SECOND)
    containers = Containers(limit, 5)
    for _ in range(9):
        for container in range(5):
            containers.call(container, START)

    told = [containers.call(container, START).granted for container in range(5)]
    standing = containers.call(4, START)
    later = [containers.call(4, START + second * SECOND).granted for second in range(1, 6)]

    assert told.count(True) == 1  # The first to tell hears of nine calls only.
    assert (standing.granted, standing.remaining, standing.reset) == (False, 0, 4)
    assert later == [False, False, False, True, True]
    assert containers.call(3, START + BLOCK * SECOND).granted


@ANY_LIMIT
def test_waiting_as_long_as_was_said_is_long_enough_and_no_second_too_long(limit):
    containers = Containers(limit, 1)
    now = START + limit.window // 3
    standing = None
    for _ in range(limit.calls + 1):
        standing = containers.call(0, now)

    wait = standing.reset * SECOND

    assert (standing.granted, wait % SECOND) == (False, 0)
    assert not (limit.window > SECOND and containers.call(0, now + wait - 2 * SECOND).granted)
    assert containers.call(0, now + wait).granted


def test_a_refused_call_tells_nobody():
    containers = Containers(CallLimit(10, SECOND), 1)
    for _ in range(11):
        containers.call(0, START)
    writes = containers.writes

    refused = [containers.call(0, START).granted for _ in range(100)]

    assert not any(refused)
    assert containers.writes == writes


def test_a_container_that_refused_asks_before_it_grants_again():
    """Its knowledge is old, and the calls that it refused have earned the write."""
    containers = Containers(CallLimit(10, SECOND), 2)
    for _ in range(40):
        containers.call(0, START)
    for _ in range(40):
        containers.call(1, START + SECOND)
    writes = containers.writes

    containers.call(0, START + SECOND)

    assert containers.writes == writes + 1


def test_without_the_counter_calls_are_let_through_and_told_once_it_is_back():
    containers = Containers(CallLimit(60, MINUTE), 30, answers=False)

    granted = [containers.call(container, START).granted for _ in range(20) for container in range(30)]
    attempts = containers.writes
    containers.answers = True
    for _ in range(TELL_EVERY):
        containers.call(0, START)

    assert all(granted)
    assert attempts == 60
    assert containers.counted == {(START // MINUTE // BLOCK, 0): 29}
