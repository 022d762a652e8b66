"""How many calls a key may make in a window, reckoned by many containers that tell each other little (ADR 32)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from drumbeat.domain.times import DAY, MINUTE, SECOND

TELL_EVERY = 10
"""A container tells the shared counter of its calls, and hears of the others', once in so many."""
BLOCK = 60
"""How many windows are reckoned together: what was too much in one is owed in the next ones."""

type Counts = Mapping[int, int]
"""Calls by the windows of a block, which are numbered from 0."""
type Tell = Callable[[int, Counts], Counts | None]
"""Adds calls of a block to the shared counter; returns all that it counts there, None if it does not answer."""


class CallLimit(NamedTuple):
    """How many calls a key may make in a window of so many milliseconds; windows lie side by side since 1970."""

    calls: int
    window: int


def kept_for(limit: CallLimit) -> int:
    """How long calls stay counted after they have stopped to matter for the limit: for the month's traffic.

    Of windows of a second there would be too many.
    """
    return 32 * DAY if limit.window >= MINUTE else 0


class Standing(NamedTuple):
    """What is left of the window after a call, and in how many whole seconds there is more."""

    limit: int
    remaining: int
    reset: int
    granted: bool


@dataclass(slots=True)
class CallMeter:
    """The calls of a key: what the shared counter said last, and what this container has not told it yet.

    A key that keeps to its limit in every window is never refused. Whatever it does, over n windows of a block it gets
    no more than n times its limit and TELL_EVERY calls for each container that takes them.
    """

    _block: int = -1
    _told: dict[int, int] = field(default_factory=dict)
    _untold: Counter[int] = field(default_factory=Counter)
    _silent: int = 0

    def take(self, limit: CallLimit, now: int, tell: Tell) -> Standing:
        """Takes one call. Refused ones are not counted, and nobody is told or asked about them.

        Without an answer to `tell` the container goes by what it knows, and tries again ten calls later.
        """
        block, window = divmod(now // limit.window, BLOCK)
        if block != self._block:
            self._block, self._told, self._untold = block, {}, Counter()
        self._silent += 1
        if self._silent >= TELL_EVERY and self._level(window, limit.calls) < limit.calls:
            self._exchange(window, tell)
        level = self._level(window, limit.calls)
        granted = level < limit.calls
        self._untold[window] += granted
        opens = (block * BLOCK + min(window + max(1, level // limit.calls), BLOCK)) * limit.window
        return Standing(limit.calls, max(0, limit.calls - level - granted), -(-(opens - now) // SECOND), granted)

    def _exchange(self, window: int, tell: Tell) -> None:
        self._silent = 0
        told = tell(self._block, {window: 0} | self._untold)
        if told is not None:
            self._told, self._untold = dict(told), Counter()

    def _level(self, window: int, calls: int) -> int:
        """The calls of the window, and those that the windows before it have had too many and not made up for."""
        level = 0
        for earlier in range(window):
            level = max(0, level + self._of(earlier) - calls)
        return level + self._of(window)

    def _of(self, window: int) -> int:
        return self._told.get(window, 0) + self._untold[window]
