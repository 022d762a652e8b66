"""Consumes WebhookQueue: events for tenants' own servers, and hints that one is due again."""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_webhooks
from drumbeat.application.deliver_notices import deliver_notices
from drumbeat.dialects.news import completed, headers_of
from drumbeat.domain.notice import task_of
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.queue import Event, consume_together, worker
from drumbeat.entrypoints.side_by_side import side_by_side

TIME_FOR_A_POST = 10_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Posts each event, and keeps what came of it: that decides whether and when it is posted again."""
    deliver = partial(
        deliver_notices,
        bootstrap_webhooks.deliver_ports(),
        complete=completed,
        sign=headers_of,
        clock=clock.now,
        side_by_side=side_by_side,
    )
    return consume_together(
        event,
        context,
        task_of,
        lambda tasks, out_of_time: deliver(tasks, out_of_time=out_of_time),
        needs=TIME_FOR_A_POST,
    )
