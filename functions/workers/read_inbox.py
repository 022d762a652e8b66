"""Consumes InboxQueue: a message is one sender's mailbox that may have something new."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_signals
from drumbeat.application.ports import OutOfTime
from drumbeat.application.read_inbox import InboxRead, read_inbox
from drumbeat.domain.inbox import name_in
from drumbeat.entrypoints import clock, metrics
from drumbeat.entrypoints.metrics import Metric
from drumbeat.entrypoints.queue import Event, Message, consume, worker

TIME_FOR_A_MESSAGE = 60_000
"""Opening a mailbox, or fetching a message and writing what it makes of its enrollment."""


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Deals with each new message once; a mailbox that somebody else reads, or has read, is left alone."""
    ports = bootstrap_signals.read_ports()
    with metrics.collected() as figures:

        def read(message: Message, out_of_time: OutOfTime) -> InboxRead:
            name = name_in(message)
            done = read_inbox(ports, name, owner=clock.new_owner(), clock=clock.now, out_of_time=out_of_time)
            figures.add(Metric.UNMATCHED_REPLIES, done.unmatched or 0)
            return done

        return consume(event, context, read, needs=TIME_FOR_A_MESSAGE)
