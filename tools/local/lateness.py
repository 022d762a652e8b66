"""How late mails arrived, measured against the instants that they were due."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BOUND = 2_000
"""What 95 of 100 mails must stay within, in milliseconds."""


@dataclass(frozen=True)
class Arrival:
    """A mail's arrival and the instants before which it must not leave, in UTC milliseconds.

    `due` comes from the sequence: the send before and the delay after it; `slot` is what the pace of its lane adds.
    """

    step: int
    due: int
    slot: int
    arrived: int

    @property
    def lateness(self) -> int:
        """Milliseconds after both; below zero is early."""
        return self.arrived - max(self.due, self.slot)


@dataclass(frozen=True)
class Figures:
    """What a run adds up to; times are milliseconds."""

    sends: int
    spread: int
    early: int
    p50: int
    p95: int
    p99: int
    most: int


def figures(arrivals: Sequence[Arrival]) -> Figures:
    """The figures of at least one arrival."""
    ordered = sorted(arrival.lateness for arrival in arrivals)
    dues = [max(arrival.due, arrival.slot) for arrival in arrivals]
    return Figures(
        sends=len(ordered),
        spread=max(dues) - min(dues),
        early=sum(lateness < 0 for lateness in ordered),
        p50=percentile(ordered, 50),
        p95=percentile(ordered, 95),
        p99=percentile(ordered, 99),
        most=ordered[-1],
    )


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The smallest value that `percent` of 100 do not exceed (nearest rank)."""
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def histogram(latenesses: Iterable[int], width: int = 250) -> dict[int, int]:
    """How many there are from each multiple of `width` up to the next."""
    counts: dict[int, int] = {}
    for lateness in sorted(latenesses):
        start = lateness // width * width
        counts[start] = counts.get(start, 0) + 1
    return counts


def failures(found: Figures, others: Mapping[str, int]) -> list[str]:
    """A sentence for every promise that was not kept; `others` counts what must not be."""
    sentences = [f"{count} {name}" for name, count in others.items() if count]
    if found.early:
        sentences.append(f"{found.early} early")
    if found.p95 > BOUND:
        sentences.append(f"p95 is {found.p95} ms, more than {BOUND}")
    return sentences


def last_line(found: Figures, lanes: int, others: Mapping[str, int]) -> str:
    """The line that a report quotes."""
    values = {
        "sends": found.sends,
        "lanes": lanes,
        "spread_s": round(found.spread / 1000),
        "early": found.early,
        "p50_ms": found.p50,
        "p95_ms": found.p95,
        "p99_ms": found.p99,
        "max_ms": found.most,
    }
    return f"LATENESS {json.dumps(values | dict(others), separators=(',', ':'))}"
