"""Virtual time and simulated processes: greenlets that stop at every call to the outside, resumed in a drawn order."""

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random

from greenlet import getcurrent, greenlet

type Work = Callable[[], object]


class Crash(BaseException):
    """The process is gone. No `except Exception` may take it for an error that can be handled."""


class Process:
    """One invocation: a tick, a batch of hints, an API call. A dead one makes no more calls, `finally` blocks included.

    `skew` is how far its clock is ahead of the world's. `troubled_at` is when something last went wrong for it. It is
    killed at the first call after `dies_at`, which comes `lifetime` milliseconds after its beginning.
    """

    __slots__ = ("dead", "dies_at", "ended", "error", "greenlet", "lifetime", "name", "on_end", "skew", "troubled_at")

    def __init__(self, name: str, skew: int = 0, on_end: Callable[["Process"], None] | None = None) -> None:
        self.name = name
        self.skew = skew
        self.on_end = on_end
        self.dead = False
        self.lifetime = 1 << 60
        self.dies_at = 0
        self.ended = False
        self.error: Exception | None = None
        self.troubled_at: int | None = None
        self.greenlet: greenlet | None = None


class Branch:
    """A part of a process that runs beside its other parts, and dies with them."""

    __slots__ = ("ended", "error")

    def __init__(self) -> None:
        self.ended = False
        self.error: Exception | None = None


class Scheduler:
    """Runs what is due, in the order of (virtual time, chance, first come)."""

    def __init__(self, rng: Random, now: int) -> None:
        self.now = now
        self.current: Process | None = None
        self.alive = 0
        self._rng = rng
        self._heap: list[tuple[int, float, int, Process | None, Work]] = []
        self._places = 0
        self._hub = getcurrent()

    def at(self, instant: int, work: Work, process: Process | None = None) -> None:
        """Has `work` done at an instant, in the name of `process` if given."""
        self._places += 1
        when = instant if instant > self.now else self.now  # the most frequent call of all
        heappush(self._heap, (when, self._rng.random(), self._places, process, work))

    def spawn(self, instant: int, process: Process, work: Work) -> None:
        """Begins a process at an instant."""
        process.greenlet = greenlet(lambda: self._live(process, work), self._hub)
        self.alive += 1
        process.dies_at = instant + process.lifetime
        self.at(instant, process.greenlet.switch, process)

    def _live(self, process: Process, work: Work) -> None:
        try:
            work()
        except Crash:
            process.dead = True
        except Exception as error:
            process.error = error
        process.ended = True
        self.alive -= 1
        if process.on_end is not None:
            self.current = None
            process.on_end(process)

    def branch(self, process: Process, work: Work) -> Branch:
        """Begins another part of a process."""
        branch = Branch()

        def live() -> None:
            try:
                work()
            except Crash:
                process.dead = True
            except Exception as error:
                branch.error = error
            branch.ended = True

        self.at(self.now, greenlet(live, self._hub).switch, process)
        return branch

    def sleep(self, milliseconds: int) -> None:
        """Lets time pass for the current process. A dead one goes no further."""
        process = self.current
        if process is None:
            return
        if process.dead:
            raise Crash
        self.wait(process, milliseconds)
        if self.now > process.dies_at and not process.dead:
            process.dead, process.troubled_at = True, self.now
        if process.dead:
            raise Crash

    def wait(self, process: Process, milliseconds: int) -> None:
        """Stops the running part of the process until its time has come."""
        self.at(self.now + milliseconds, getcurrent().switch, process)
        self._hub.switch()

    def next_at(self) -> int | None:
        """When the next thing happens, None if nothing will."""
        return self._heap[0][0] if self._heap else None

    def run_until(self, instant: int) -> None:
        """Does everything up to and at an instant."""
        while self._heap and self._heap[0][0] <= instant:
            self.step()
        self.now = max(self.now, instant)

    def step(self) -> None:
        """Does the next thing."""
        self.now, _, _, process, work = heappop(self._heap)
        self.current = process
        work()
        self.current = None

    def clear(self) -> None:
        """Forgets what is still to come, so that no process outlives its world."""
        self._heap.clear()
