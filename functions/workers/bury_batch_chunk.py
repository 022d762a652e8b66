"""Consumes BatchDlq: bulk work that failed five times."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_batches
from drumbeat.application.batch_bury import bury_batch_work
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.queue import Event, attempted, consume, worker

TIME_FOR_A_CHUNK = 60_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Tries a chunk's items one by one and fails by name those that can't be done, so that their batch still ends."""
    ports = bootstrap_batches.work_ports()
    return consume(
        event,
        context,
        lambda message, out_of_time: bury_batch_work(
            ports, message, attempt=attempted, out_of_time=out_of_time, now=clock.now()
        ),
        needs=TIME_FOR_A_CHUNK,
    )
