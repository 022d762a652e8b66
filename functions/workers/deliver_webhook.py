"""Consumes WebhookQueue: a message is one event for one tenant's own server."""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_cadences
from drumbeat.application.deliver_notices import deliver_notices
from drumbeat.dialects.news import completed, headers_of
from drumbeat.domain.notice import notice_of
from drumbeat.entrypoints.queue import Event, consume_together, worker
from drumbeat.entrypoints.side_by_side import side_by_side

TIME_FOR_A_POST = 10_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Posts each event; what is not taken comes again, each time later than the time before."""
    deliver = partial(
        deliver_notices,
        bootstrap_cadences.deliver_ports(),
        complete=completed,
        sign=headers_of,
        side_by_side=side_by_side,
    )
    return consume_together(
        event,
        context,
        notice_of,
        lambda notices, out_of_time: deliver(notices, out_of_time=out_of_time),
        needs=TIME_FOR_A_POST,
        put_off=bootstrap_cadences.notices().put_off,
    )
