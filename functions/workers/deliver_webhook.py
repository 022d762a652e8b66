"""Consumes WebhookQueue: events for tenants' own servers, and hints that one is due again."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_webhooks
from drumbeat.application.deliver_notices import Delivered, Outcome, deliver_notices
from drumbeat.application.ports import OutOfTime
from drumbeat.dialects.news import completed, headers_of
from drumbeat.domain.notice import Task, task_of
from drumbeat.entrypoints import clock, metrics
from drumbeat.entrypoints.metrics import Metric
from drumbeat.entrypoints.queue import Event, consume_together, worker
from drumbeat.entrypoints.side_by_side import side_by_side

TIME_FOR_A_POST = 10_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Posts each event, and keeps what came of it: that decides whether and when it is posted again."""
    ports = bootstrap_webhooks.deliver_ports()
    deliver_all = partial(
        deliver_notices, ports, complete=completed, sign=headers_of, clock=clock.now, side_by_side=side_by_side
    )
    with metrics.collected() as figures:

        def deliver(tasks: Sequence[Task], out_of_time: OutOfTime) -> dict[Task, Delivered]:
            done = deliver_all(tasks, out_of_time=out_of_time)
            outcomes = [told.outcome for told in done.values()]
            figures.add(Metric.WEBHOOK_DELIVERIES, outcomes.count(Outcome.TAKEN))
            figures.add(Metric.WEBHOOK_FAILURES, outcomes.count(Outcome.REFUSED))
            return done

        return consume_together(event, context, task_of, deliver, needs=TIME_FOR_A_POST)
