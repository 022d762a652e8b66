"""Replays schedules by their seeds: `python -m tests.simulation.replay SEED...`."""

import sys

from tests.simulation.schedule import run


def main(seeds: list[str]) -> None:
    """Runs each seed and tells what came of it."""
    for seed in seeds:
        result = run(int(seed))
        print(result if result.violation else f"{seed}: {result.calls} calls, {dict(result.counts)}, kept")


if __name__ == "__main__":
    main(sys.argv[1:])
