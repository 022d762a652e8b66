"""Replays what a search has found: `python -m tests.simulation.replay SEED`, or a scenario or pair with its numbers.

What was found in a world of its own begins with its name: `cadence SEED`, `call 'a success closes' 12 fail`.
"""

import sys
from itertools import islice

from tests.simulation import cadence_world, call_scenarios, call_world, event_world
from tests.simulation.faults import Fault
from tests.simulation.interleavings import PAIRS, every_order
from tests.simulation.schedule import Result, run
from tests.simulation.single_faults import SCENARIOS, play

_WORLDS = {
    "cadence": (cadence_world.run, cadence_world.play),
    "call": (call_world.run, call_scenarios.play),
}


def replayed(what: str, *numbers: str) -> Result:
    """A seed, a scenario with a call and a fault, or a pair with the number of an order."""
    if what in _WORLDS:
        run_in, play_in = _WORLDS[what]
        which, *rest = numbers
        return play_in(which, int(rest[0]), Fault(rest[1])) if rest else run_in(int(which))
    if what == "events":
        return event_world.run(int(numbers[0]))
    if what in SCENARIOS:
        place, fault = numbers
        return play(what, int(place), Fault(fault))
    if what in PAIRS:
        return next(islice(every_order(what), int(numbers[0]) - 1, None))
    return run(int(what))


if __name__ == "__main__":
    result = replayed(*sys.argv[1:])
    print(result if result.violation else f"Every promise is kept: {result.calls} calls, {dict(result.counts)}.")
