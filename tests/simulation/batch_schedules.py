"""Schedules of batches: drawn from a seed, or with one fault at every call."""

from collections.abc import Iterator, Mapping
from random import Random

from drumbeat.domain.times import MINUTE, SECOND
from tests.simulation.batch_world import BatchOptions, BatchWorld
from tests.simulation.faults import FIVE_MODES, Fault, Faults, OneFault, RandomFaults
from tests.simulation.records import Violation
from tests.simulation.stand_ins import standing_in

_LISTED = (*range(2, 121), 7_000, 1)
SCENARIOS: Mapping[str, BatchOptions] = {
    "listed": BatchOptions(targets=(_LISTED,), there=120),
    "everything": BatchOptions(targets=(None,), there=260),
    "in order": BatchOptions(targets=(_LISTED,), there=120, ordered=True),
    "confirmed": BatchOptions(targets=(_LISTED,), there=120, confirm_at=MINUTE),
    "canceled": BatchOptions(targets=(tuple(range(1, 301)),), there=300, cancel_at=2 * SECOND),
    "canceled in order": BatchOptions(targets=(tuple(range(1, 301)),), there=300, ordered=True, cancel_at=3 * SECOND),
    "poisoned": BatchOptions(targets=((1, 2, 3),), there=3, poisoned=frozenset({2})),
}


def drawn(seed: int) -> tuple[BatchOptions, Faults, Random]:
    """The schedule of a seed."""
    rng = Random(seed)
    there = rng.choice([0, 1, 99, 100, 101, 250, 520])
    listed = tuple(rng.sample(range(1, there + 40), k=min(there + 20, rng.choice([1, 100, 101, 230]))))
    options = BatchOptions(
        targets=tuple(rng.choice([None, listed]) for _ in range(rng.choice([1, 1, 2]))),
        there=there,
        ordered=rng.random() < 0.3,
        poisoned=frozenset(rng.sample(range(1, there + 2), k=1)) if rng.random() < 0.2 else frozenset(),
        cancel_at=rng.randrange(30 * SECOND) if rng.random() < 0.4 else None,
        confirm_at=rng.randrange(5 * MINUTE) if rng.random() < 0.3 else None,
        trouble_for=rng.randrange(30 * MINUTE),
        lost=rng.choice([0.0, 0.0, 0.3]),
        duplicates=rng.choice([0.0, 0.2, 0.7]),
        lag=rng.choice([0, 0, 5 * SECOND]),
        torn=rng.choice([0.0, 0.3]),
    )
    kinds = [fault for fault in Fault if rng.random() < 0.6] or list(FIVE_MODES)
    return options, RandomFaults(rng, rng.choice([0.0, 0.02, 0.1, 0.3]), kinds, rng.choice([0.0, 0.05])), rng


def run(seed: int) -> Violation | None:
    """What is broken in the schedule of a seed, if anything."""
    return _played(*drawn(seed))


def play(name: str, place: int = 0, fault: Fault = Fault.FAIL) -> tuple[Violation | None, int]:
    """The scenario of this name with one fault at its `place`-th call, none if 0; and how many calls it made."""
    faults = OneFault(place, fault)
    return _played(SCENARIOS[name], faults, Random(7)), faults.calls_in_trouble


def every_fault(name: str) -> Iterator[tuple[int, Fault, Violation | None]]:
    """Every place and mode; the places are counted on a run without a fault."""
    _, calls = play(name)
    for place in range(1, calls + 1):
        for fault in FIVE_MODES:
            yield place, fault, play(name, place, fault)[0]


def _played(options: BatchOptions, faults: Faults, rng: Random) -> Violation | None:
    world = BatchWorld(options, rng, faults)
    with standing_in(world.scheduler, rng):
        try:
            world.play()
        except Violation as broken:
            return broken
        finally:
            world.scheduler.clear()
    return None
