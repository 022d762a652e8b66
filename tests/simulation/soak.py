"""Very many schedules: `python -m tests.simulation.soak --seeds 1000000`; a run that was cut off goes on.

Those of calls are another world: `--world calls`. Without one both are run, one after the other.
"""

import argparse
import gc
import hashlib
import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

from tests.simulation import schedule
from tests.simulation.schedule import Result, commit

ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 500
_SAVED_EVERY = 60
_COLLECTED_EVERY = 20
PROMISES = {
    "lost": {"lost"},
    "twice": {"twice", "fence"},
    "after a stop": {"after a stop"},
    "stuck": {"stuck"},
    "called at once": {"groups"},
    "called after the group closed": {"closed"},
    "called or asked twice": {"asked twice", "unannounced"},
    "credits": {"credits"},
    "drifted": {"drifted", "backwards", "parked", "lapsed", "refused", "rejected", "no reason", "no mail"},
    "out of bounds": {"early", "pace", "cap", "window", "tenants"},
    "errors": {"error"},
}
"""How the report names the kinds of violations."""


WORLDS = {"mails": ("soak-report.json", 1_000_000), "calls": ("soak-of-calls.json", 100_000)}
"""Where each world's report lies, and how many schedules are run of it."""


def _run_of(world: str) -> Callable[[int], Result]:
    """What runs a schedule. The product's code of the other worlds is not even loaded: it is no part of the proof."""
    if world == "mails":
        return schedule.run
    runs: Callable[[int], Result] = importlib.import_module("tests.simulation.call_world").run
    return runs


def tried(world: str, first: int, count: int) -> Counter[str]:
    """Runs so many seeds from the first on and counts what happened."""
    run = _run_of(world)
    gc.disable()  # collecting now and then costs less than collecting all the time,
    gc.freeze()  # and less again if what every schedule uses is left out
    total: Counter[str] = Counter()
    for seed in range(first, first + count):
        result = run(seed)
        if seed % _COLLECTED_EVERY == 0:
            gc.collect()
        total.update({"schedules": 1, "calls": result.calls})
        total.update(result.counts)
        total.update({f"fault {name}": number for name, number in result.faults.items()})
        if result.violation is not None:
            total.update({f"violation {result.violation.kind}": 1, f"seed {seed}": 1})
    return total


def code_under_proof() -> str:
    """What of the product a schedule runs, as a digest: a change elsewhere does not make what was shown untrue."""
    found = {name: module.__file__ for name, module in sys.modules.items() if name.startswith("drumbeat.")}
    digest = hashlib.sha256()
    for name in sorted(found):
        path = found[name]
        if path is not None:
            digest.update(name.encode() + b"\0" + Path(path).read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def report(total: Counter[str], first: int, wanted: int, seconds: float) -> dict[str, object]:
    """What there is to say about the schedules so far."""
    return {
        "commit": commit(),
        "code": code_under_proof(),
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seeds": {"first": first, "wanted": wanted, "done": total["schedules"]},
        "seconds": round(seconds),
        "violations": {name: sum(total[f"violation {kind}"] for kind in kinds) for name, kinds in PROMISES.items()},
        "failing_seeds": sorted(int(name.removeprefix("seed ")) for name in total if name.startswith("seed ")),
        "counts": dict(sorted(total.items())),
    }


def soak(world: str, first: int, seeds: int, processes: int, path: Path) -> Counter[str]:
    """Runs a world's seeds; writes the report every minute, and goes on where one of the same code and seed ends."""
    _run_of(world)
    total, before = _earlier(path, first)
    begun = saved = time.monotonic()
    starts = range(first + total["schedules"], first + seeds, _CHUNK)
    with ProcessPoolExecutor(processes) as pool:
        counts = (min(_CHUNK, first + seeds - start) for start in starts)
        for counted in pool.map(tried, repeat(world), starts, counts):
            total.update(counted)
            if time.monotonic() - saved > _SAVED_EVERY:
                saved = time.monotonic()
                _save(path, total, first, seeds, before + saved - begun)
    _save(path, total, first, seeds, before + time.monotonic() - begun)
    return total


def _earlier(path: Path, first: int) -> tuple[Counter[str], float]:
    if not path.exists():
        return Counter(), 0
    told = json.loads(path.read_text())
    if told.get("code") != code_under_proof() or told["seeds"]["first"] != first:
        return Counter(), 0
    return Counter(told["counts"]), told["seconds"]


def _save(path: Path, total: Counter[str], first: int, seeds: int, seconds: float) -> None:
    told = report(total, first, seeds, seconds)
    path.write_text(json.dumps(told, indent=1) + "\n")
    rate = total["schedules"] / max(seconds, 1)
    print(f"{total['schedules']} schedules, {rate:.0f}/s, violations: {told['violations']}", flush=True)


def main() -> None:
    """Says how it went by its exit code too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", choices=WORLDS)
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--reports", type=Path, default=ROOT / "docs")
    asked = parser.parse_args()
    asked.reports.mkdir(parents=True, exist_ok=True)
    total: Counter[str] = Counter()
    for world in WORLDS if asked.world is None else [asked.world]:
        name, usual = WORLDS[world]
        total += soak(world, asked.first, asked.seeds or usual, asked.processes, asked.reports / name)
    raise SystemExit(any(name.startswith("violation") for name in total))


if __name__ == "__main__":
    main()
