"""Consumes SendQueue: a message is one step of one enrollment that may be due."""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.send_step import send_steps
from drumbeat.domain.hint import hint_of
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.queue import Event, consume_together, worker
from drumbeat.entrypoints.side_by_side import side_by_side

LONGEST_DIALOGUE = 110_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Sends each step at most once: mails of one sender one after the other, senders side by side."""
    with bootstrap.send_ports() as ports:
        send = partial(send_steps, ports, owner=clock.new_owner(), clock=clock.now, side_by_side=side_by_side)
        return consume_together(
            event,
            context,
            hint_of,
            lambda hints, out_of_time: send(hints, out_of_time=out_of_time),
            needs=LONGEST_DIALOGUE,
        )
