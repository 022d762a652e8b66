"""Throttles: how many enrollments a sequence lets in, per UTC day and at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.domain.times import DAY, MINUTE, utc_day

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence

COUNTED_AGAIN_AFTER = 10 * MINUTE
"""How long after it last let somebody in a throttle may count anew: by then that is written, or never will be."""
ANNOUNCED_FOR = 10 * MINUTE
"""How long a throttle is looked at after work was announced, though no index shows any yet."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """What a sequence has let in. Whoever lets somebody in counts first, so that a crash costs places, never mails.

    `day_count` belongs to the UTC day `day`. `inside` counts those that were let in and are not over, as of the last
    count at `counted_at`, and all that were let in since; None before the first count. It is looked at again at
    `look_at`, never if None; `announced_at` is when somebody last announced work. `revision` grows with every change.
    """

    tenant: int
    sequence: int
    revision: int
    announced_at: int
    look_at: int | None
    day: int = 0
    day_count: int = 0
    inside: int | None = None
    counted_at: int = 0
    let_in_at: int = 0


def is_throttled(sequence: Sequence) -> bool:
    """Whether enrollments wait to be let in. A throttle that is paused lets everybody in."""
    bounds = sequence.max_active, sequence.max_adds_per_day
    return not sequence.throttle_paused and any(bound is not None for bound in bounds)


def must_count(throttle: Throttle, sequence: Sequence, now: int) -> bool:
    """Whether those inside have to be counted before anybody can be let in, and can be."""
    if not is_throttled(sequence) or sequence.max_active is None:
        return False
    if throttle.inside is not None and throttle.inside < sequence.max_active:
        return False
    return now >= max(throttle.counted_at, throttle.let_in_at) + COUNTED_AGAIN_AFTER


def counted(throttle: Throttle, inside: int, now: int) -> Throttle:
    """The throttle after a count."""
    return replace(throttle, inside=inside, counted_at=now)


def places(throttle: Throttle, sequence: Sequence, now: int) -> int | None:
    """How many may be let in now; None: as many as there are."""
    if not is_throttled(sequence):
        return None
    rooms = []
    if sequence.max_adds_per_day is not None:
        used = throttle.day_count if throttle.day >= utc_day(now) else 0
        rooms.append(sequence.max_adds_per_day - used)
    if sequence.max_active is not None:
        rooms.append(0 if throttle.inside is None else sequence.max_active - throttle.inside)
    return max(min(rooms), 0)


def with_let_in(throttle: Throttle, count: int, now: int) -> Throttle:
    """The throttle that has let `count` more in."""
    day = max(utc_day(now), throttle.day)
    before = throttle.day_count if throttle.day == day else 0
    inside = None if throttle.inside is None else throttle.inside + count
    return replace(throttle, day=day, day_count=before + count, inside=inside, let_in_at=now)


def next_look(throttle: Throttle, sequence: Sequence, *, is_empty: bool, now: int) -> int | None:
    """When it is worth looking again, None if nobody waits."""
    if is_empty:
        return now + MINUTE if now < throttle.announced_at + ANNOUNCED_FOR else None
    if places(throttle, sequence, now) != 0:
        return now + MINUTE
    counts_again = max(throttle.counted_at, throttle.let_in_at) + COUNTED_AGAIN_AFTER
    bound = sequence.max_adds_per_day
    if bound is not None and throttle.day == utc_day(now) and throttle.day_count >= bound:
        return max((utc_day(now) + 1) * DAY, now + MINUTE)
    return max(counts_again, now + MINUTE)
