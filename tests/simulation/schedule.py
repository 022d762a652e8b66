"""Runs one schedule to its end and says what came of it."""

import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from drumbeat.domain.plan import HORIZON
from drumbeat.domain.times import MINUTE
from tests.simulation.faults import RandomFaults
from tests.simulation.options import Options, drawn
from tests.simulation.reckoning import unfinished
from tests.simulation.records import Violation
from tests.simulation.scenery import TABLE
from tests.simulation.stand_ins import standing_in
from tests.simulation.world import World, scenery_of

MOST_TICKS = 150
"""Within so many ticks that find something to do, a world without trouble comes to rest."""
_MOST_PEACE = 3


@dataclass(slots=True)
class Result:
    """What a schedule came to."""

    options: Options
    violation: Violation | None
    calls: int
    calls_in_trouble: int
    counts: Counter[str]
    faults: Counter[str]
    replay: str
    events: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        story = "\n".join(self.events)
        return (
            f"{self.violation}\nseed {self.options.seed} at commit {commit()}\n{self.options}\n{story}\n"
            f"replay: PYTHONPATH=layers/shared/python .venv/bin/python -m tests.simulation.replay {self.replay}"
        )


def run(seed: int) -> Result:
    """The schedule of a seed."""
    options = drawn(seed)
    rng = Random(seed + 1)
    faults = RandomFaults(rng, options.fault_rate, options.fault_kinds, options.slow)
    world = World(options, scenery_of(options, rng), rng, faults)
    return finish(world, world.trouble, replay=str(seed))


def finish(world: World, trouble: Callable[[], None], *, replay: str) -> Result:
    """Runs a world through trouble and peace to its reckoning; `replay` says how to do it again."""
    violation = None
    with standing_in(world.scheduler, world.rng):
        try:
            trouble()
            world.heal()
            settle_down(world)
        except Violation as broken:
            violation = broken
        finally:
            world.scheduler.clear()
    oracle = world.oracle
    events = [f"{at - world.options.start:>9} {name}: {what}" for at, name, what in oracle.events]
    faults = Counter({fault.value: count for fault, count in world.faults.counts.items()})
    return Result(
        options=world.options,
        violation=violation,
        calls=world.faults.calls,
        calls_in_trouble=world.faults.calls_in_trouble,
        counts=oracle.counts,
        faults=faults,
        replay=replay,
        events=events if violation else [],
    )


def settle_down(world: World) -> None:
    """Ticks until nothing waits any more. Minutes in which nothing can happen are skipped."""
    peace, begun = 1, world.scheduler.now
    for _ in range(MOST_TICKS):
        when = _next_minute(world)
        if when is None and (peace == _MOST_PEACE or not unfinished(world.store.items(TABLE))):
            break
        if when is None:
            world.heal()  # a call of phase 1 that took very long has stopped something once more
            peace += 1
            continue
        if when > begun + world.patience:
            raise Violation("stuck", f"after {when - begun} ms still waiting: {unfinished(world.store.items(TABLE))}")
        world.scheduler.run_until(when)
        world.tick(when)
        world.scheduler.run_until(when + MINUTE // 2)
    else:
        waiting = unfinished(world.store.items(TABLE))
        raise Violation("stuck", f"not at rest after {MOST_TICKS} ticks: {waiting}")
    world.reckon()
    world.accounts.check_all()


def _next_minute(world: World) -> int | None:
    """When the next tick has something to do: a process or message is under way, or a lane wakes.

    Without `early_ticks` those are left out in which a lane is only looked at because it wakes soon.
    """
    coming = world.scheduler.next_at()
    times = [] if coming is None else [coming]
    ahead = HORIZON if world.options.early_ticks else 0
    for item in world.store.items(TABLE):
        if "wake_at" in item:
            times.append(int(item["wake_at"]["N"]) - ahead)
    if not times:
        return None
    now = world.scheduler.now
    return now + max(1, -(-(min(times) - now) // MINUTE)) * MINUTE


def commit() -> str:
    """The commit that is checked out."""
    root = Path(__file__).resolve().parents[2]
    answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607
    return answer.stdout.strip()
