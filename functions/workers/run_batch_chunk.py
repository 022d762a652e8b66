"""Consumes BatchQueue: goes on with bulk work that did not fit a request."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_batches
from drumbeat.application.batch_run import ChunkRun
from drumbeat.application.batch_work import continue_batch_work
from drumbeat.application.ports import OutOfTime
from drumbeat.entrypoints import clock, metrics
from drumbeat.entrypoints.metrics import Metric
from drumbeat.entrypoints.queue import Event, Message, consume, worker

TIME_FOR_A_CHUNK = 20_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Runs a chunk, or as much of other work as fits and hands the rest over again; what runs twice counts once."""
    ports = bootstrap_batches.work_ports()
    with metrics.collected() as figures:

        def go_on(message: Message, out_of_time: OutOfTime) -> ChunkRun | None:
            run = continue_batch_work(ports, message, out_of_time=out_of_time, now=clock.now())
            if run is not None:
                figures.add(Metric.BATCH_AGE, run.age)
            return run

        return consume(event, context, go_on, needs=TIME_FOR_A_CHUNK)
