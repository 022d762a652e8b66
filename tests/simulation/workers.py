"""A send worker's invocation: the production use case on a batch of messages, with its partial failures."""

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random

from drumbeat.application.deliver import Decided, SendPorts
from drumbeat.application.send_step import send_steps
from drumbeat.domain.hint import hint_of
from tests.simulation.queue import Letter
from tests.simulation.scheduler import Branch, Process, Scheduler

_LINGER = 1_000
_GLANCE = 50


class SideBySide:
    """Runs the jobs of a worker as parts of one process, as its threads would be; hands results out after a while."""

    def __init__(self, scheduler: Scheduler, process: Process, rng: Random) -> None:
        self._scheduler, self._process, self._rng = scheduler, process, rng

    def __call__(self, jobs: Sequence[Iterator[Decided]]) -> Iterator[list[Decided]]:
        """What the jobs come to, a few at a time."""
        if len(jobs) == 1:
            yield from self._alone(jobs[0])
            return
        results: list[Decided] = []
        running = [self._begin(job, results) for job in jobs]
        while results or not all(job.ended for job in running):
            self._scheduler.sleep(_GLANCE if not results else int(self._rng.random() * _LINGER))
            for job in running:
                if job.error is not None:
                    raise job.error
            ready, results[:] = results[:], []
            if ready:
                yield ready

    def _alone(self, job: Iterator[Decided]) -> Iterator[list[Decided]]:
        gathered: list[Decided] = []
        for decided in job:
            gathered.append(decided)
            if self._rng.random() < 0.5:
                yield gathered
                gathered = []
        if gathered:
            yield gathered

    def _begin(self, job: Iterator[Decided], results: list[Decided]) -> Branch:
        def run() -> None:
            for decided in job:
                results.append(decided)

        return self._scheduler.branch(self._process, run)


def send_hints(
    ports: SendPorts,
    letters: list[Letter],
    failed: list[Letter],
    *,
    owner: str,
    clock: Callable[[], int],
    side_by_side: SideBySide,
    out_of_time: Callable[[], bool],
) -> None:
    """Sends what the letters ask for; puts those that must come again into `failed`."""
    hints = {id(letter): hint_of(json.loads(letter.body)) for letter in letters}
    reports = send_steps(
        ports, hints.values(), owner=owner, clock=clock, out_of_time=out_of_time, side_by_side=side_by_side
    )
    failed += [letter for letter in letters if reports[hints[id(letter)]].trouble is not None]
