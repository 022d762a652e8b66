"""What work takes that AWS bills: counted around each invocation, from the ledger of our own clients."""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from drumbeat.adapters.aws import ledger


class Tally(Counter[str]):
    """invocations, api_requests, sqs_requests, write_units, read_units, datastore_requests, kms_requests; and what is
    measured beside them: log_bytes and cpu_ms."""


COUNTS = (
    "invocations",
    "api_requests",
    "sqs_requests",
    "write_units",
    "read_units",
    "datastore_requests",
    "kms_requests",
)
MEASURED = ("log_bytes", "cpu_ms")
_TAKEN_OFF_A_QUEUE = 2  # the poller's request for the batch, and the one that deletes it


def invoked(tally: Tally, work: Callable[[], Any], *, by: str = "") -> Any:
    """What `work` answers; what it takes is added to the tally as one invocation by `api`, `queue` or the stream."""
    ledger.clear()
    began = time.process_time()
    with _logged() as written:
        answer = work()
    tally["cpu_ms"] += round((time.process_time() - began) * 1000, 3)  # type: ignore[assignment]
    tally["log_bytes"] += len(written.getvalue().encode())
    tally["invocations"] += 1
    tally["api_requests"] += by == "api"
    tally["sqs_requests"] += _TAKEN_OFF_A_QUEUE * (by == "queue")
    _add_requests(tally)
    return answer


def beside(tally: Tally, work: Callable[[], Any]) -> Any:
    """As `invoked`, of a function that would have run without this work too: only its requests are added."""
    ledger.clear()
    answer = work()
    _add_requests(tally)
    return answer


def _add_requests(tally: Tally) -> None:
    tally["datastore_requests"] += ledger.datastore_requests()
    tally["write_units"] += sum(ledger.write_units.values())
    tally["read_units"] += sum(ledger.read_units.values())
    for service in ("sqs", "kms"):
        of_it = (count for name, count in ledger.requests.items() if name.startswith(f"{service}."))
        tally[f"{service}_requests"] += sum(of_it)


@contextmanager
def _logged() -> Iterator[StringIO]:
    """Collects what a function logs, as much as on the stack."""
    logger, written = logging.getLogger(os.environ["POWERTOOLS_SERVICE_NAME"]), StringIO()
    handlers = [handler for handler in logger.handlers if isinstance(handler, logging.StreamHandler)]
    streams, level = [handler.setStream(written) for handler in handlers], logger.level
    logger.setLevel(logging.INFO)
    try:
        with redirect_stdout(written):
            yield written
    finally:
        logger.setLevel(level)
        for handler, stream in zip(handlers, streams, strict=True):
            handler.setStream(stream)
