"""What can go wrong with a call to the outside, and who decides when it does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from random import Random

from drumbeat.domain.times import SECOND


class Fault(StrEnum):
    """One way in which a call goes wrong."""

    FAIL = "fail"  # it never arrived, and the caller is told so
    THROTTLE = "throttle"  # it was turned away as too much, or the transaction met another one
    LOST = "lost"  # it was done, the caller sees a time-out
    CRASH_BEFORE = "crash_before"  # the process dies before it
    CRASH_AFTER = "crash_after"  # it was done, and then the process died
    REPEATED = "repeated"  # it was done, the answer got lost below the SDK, which did it again
    LATE = "late"  # the caller sees a time-out, and later it is done after all
    STALLED = "stalled"  # it takes longer than a lease
    PARTIAL = "partial"  # only a part of a batch is done, the rest comes back


FIVE_MODES = (Fault.FAIL, Fault.THROTTLE, Fault.LOST, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)


class Faults:
    """No faults: every call takes a moment."""

    def __init__(self) -> None:
        self.calls = 0
        self.calls_in_trouble = 0
        self.counts: Counter[Fault] = Counter()
        self.on = True

    def draw(self, what: str) -> Fault | None:
        """What happens to the next call; `what` says which kind of call it is."""
        self.calls += 1
        if not self.on:
            return None
        self.calls_in_trouble += 1
        fault = self._fault(what)
        if fault is not None:
            self.counts[fault] += 1
        return fault

    def delay(self) -> int:
        """How many milliseconds a call takes on its way there, and again on its way back."""
        return 1

    def stall(self) -> int:
        """How many milliseconds a stalled call takes: more than half a lease, less than an invocation lives."""
        return 200 * SECOND

    def _fault(self, what: str) -> Fault | None:
        return None


class OneFault(Faults):
    """A single fault at the k-th call, counted from 1; `first` are faults of the first call of a kind, in any case."""

    def __init__(self, place: int, fault: Fault, first: Mapping[str, Fault] | None = None) -> None:
        super().__init__()
        self._place, self._single, self._first = place, fault, dict(first or {})

    def _fault(self, what: str) -> Fault | None:
        planned = self._first.pop(what, None)
        return self._single if self.calls == self._place else planned


class RandomFaults(Faults):
    """Faults at a rate, delays that are mostly short, sometimes seconds and rarely longer than a lease."""

    def __init__(self, rng: Random, rate: float, kinds: Sequence[Fault], slow: float) -> None:
        super().__init__()
        self._chance = rng.random
        self._pick = rng.choice
        self._rate, self._kinds, self._slow = rate, kinds, slow

    def _fault(self, what: str) -> Fault | None:
        return self._pick(self._kinds) if self._chance() < self._rate else None

    def delay(self) -> int:
        chance = self._chance()
        if chance < self._slow and self.on:
            return int(self._chance() * 9_000)
        return int(chance * 40)

    def stall(self) -> int:
        return int(5_000 + self._chance() * 195_000)
