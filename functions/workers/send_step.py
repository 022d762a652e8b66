"""Consumes SendQueue: a message is one step of one enrollment that may be due."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.send_step import send_step
from drumbeat.domain.hint import hint_of
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.queue import Event, Message, consume, worker

LONGEST_DIALOGUE = 110_000


def sender_of(message: Message) -> tuple[int, int]:
    """Mails of one sender go over one connection, one after the other."""
    return message["tenant"], message["sender"]


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Sends each step at most once; messages that were not begun come again."""
    with bootstrap.send_ports() as ports:
        return consume(
            event,
            context,
            lambda message, _: send_step(ports, hint_of(message), owner=clock.new_owner(), clock=clock.now),
            needs=LONGEST_DIALOGUE,
            grouping=sender_of,
        )
