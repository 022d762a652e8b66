"""Jobs in threads of their own, whose results are handed out a few at a time."""

import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from time import monotonic

_AT_ONCE = 25


class _Ended:
    """A job is over."""


def side_by_side[Result](jobs: Sequence[Iterator[Result]], linger: float = 1.0) -> Generator[list[Result]]:
    """Runs every job in a thread; yields what they come to, gathered for `linger` seconds at most.

    When nobody takes results any more, the jobs go no further than what they are at. Raises what a job raises.
    """
    if not jobs:
        return
    results: SimpleQueue[Result | _Ended] = SimpleQueue()
    unwanted = threading.Event()
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        running = [pool.submit(_run, job, results, unwanted) for job in jobs]
        try:
            yield from _gathered(results, len(jobs), linger)
        finally:
            unwanted.set()
    for job in running:
        job.result()


def _run[Result](job: Iterator[Result], results: SimpleQueue[Result | _Ended], unwanted: threading.Event) -> None:
    try:
        for result in job:
            results.put(result)
            if unwanted.is_set():
                return
    finally:
        results.put(_Ended())


def _gathered[Result](results: SimpleQueue[Result | _Ended], running: int, linger: float) -> Generator[list[Result]]:
    while running:
        gathered: list[Result] = []
        until = None
        while running and len(gathered) < _AT_ONCE:
            try:
                result = results.get(timeout=None if until is None else max(until - monotonic(), 0))
            except Empty:
                break
            if isinstance(result, _Ended):
                running -= 1
            else:
                gathered.append(result)
                until = monotonic() + linger if until is None else until
        if gathered:
            yield gathered
