"""What a schedule is made of: everything is drawn from its seed."""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from tests.simulation.faults import Fault

_DAY = 20_800 * DAY
_EVERY_KIND = tuple(Fault)
_BOUND = 0.25
"""How often senders serve several sequences."""
_MILD = (Fault.FAIL, Fault.THROTTLE, Fault.REPEATED, Fault.PARTIAL)


class Binding(StrEnum):
    """Who sends for whom."""

    NONE = "none"  # every sequence has senders of its own
    ALONE = "alone"  # senders of no sequence send for all of them
    MIXED = "mixed"  # those of the first sequence also send what is bound to them in the others


@dataclass(frozen=True, slots=True)
class Options:
    """One small world and what happens to it. Times are milliseconds, rates are per call or message."""

    seed: int
    start: int
    trouble_for: int
    tenants: int
    sequences: int
    lanes: int
    steps: int
    enrollments: int
    step_delay: int
    min_wait: int
    max_wait: int
    daily_limit: int
    daily_cap: int | None
    windows: bool
    actions: int
    fault_rate: float
    fault_kinds: tuple[Fault, ...]
    slow: float
    torn: float
    lag: int
    skew: int
    duplicates: float
    visibility: int
    batch: int
    early_ticks: bool
    binding: Binding = Binding.NONE
    daily_mails: int | None = None
    own_wait: int | None = None


def drawn(seed: int) -> Options:
    """The schedule of a seed: every other one is as small as can be, so that there can be many."""
    rng = Random(seed)
    pick = rng.choice
    small = rng.random() < 0.5
    tenants = 1 if small else pick((1, 1, 1, 2))
    min_wait = pick((0, 1, 5, 30))
    options = Options(
        seed=seed,
        start=_DAY + pick((10 * HOUR + 20 * SECOND, 10 * HOUR + 20 * SECOND, DAY - 3 * MINUTE)),
        trouble_for=pick((1, 2, 2) if small else (2, 3, 3, 4, 6)) * MINUTE,
        tenants=tenants,
        sequences=1 if small else pick((1, 1, 1, 2)),
        lanes=pick((1, 1, 1, 2) if small else (1, 1, 2, 3)),
        steps=pick((1, 1, 2) if small else (1, 1, 2, 3)),
        enrollments=2 if small else pick((2, 3, 4, 6)),
        step_delay=pick((0, 1, 1, 2)),
        min_wait=min_wait,
        max_wait=min_wait + pick((0, 2, 20)),
        daily_limit=pick((1, 2, 100, 100, 100)),
        daily_cap=pick((None, None, None, 2, 3)),
        windows=pick((False, False, False, True)),
        actions=pick((0, 1, 2, 3, 5)),
        fault_rate=pick((0.0, 0.01, 0.04, 0.04, 0.08, 0.15)),
        fault_kinds=pick((_EVERY_KIND, _EVERY_KIND, _EVERY_KIND, _MILD)),
        slow=pick((0.0, 0.0, 0.03, 0.15)),
        torn=pick((0.0, 0.3)),
        lag=pick((0, 500, 3_000, 9_000)),
        skew=pick((0, 0, 1_000)),
        duplicates=pick((0.0, 0.05, 0.3)),
        visibility=pick((2, 30, 60, 320, 1_800)) * SECOND,
        batch=pick((1, 3, 10)),
        early_ticks=rng.random() < 0.1,
    )
    return bound(options, rng) if rng.random() < _BOUND else options


def bound(options: Options, rng: Random) -> Options:
    """The same with senders that serve several sequences, each with one or two contacts."""
    pick = rng.choice
    sequences = pick((2, 2, 3))
    return replace(
        options,
        binding=pick((Binding.ALONE, Binding.MIXED)),
        sequences=sequences,
        enrollments=sequences * options.tenants * pick((1, 1, 2)),
        daily_mails=pick((None, None, None, 2, 3)),
        own_wait=pick((None, None, options.min_wait + 5)),
    )
