"""Consumes SesEventQueue: what SES reports about the mails it was given."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.take_provider_event import take_provider_event
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.queue import Event, consume, worker

TIME_FOR_A_REPORT = 10_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Notes each report, in whatever order; one about a mail that is still under way comes again."""
    ports = bootstrap.provider_event_ports()
    return consume(
        event,
        context,
        lambda message, _: take_provider_event(ports, bootstrap.ses_event(message), now=clock.now()),
        needs=TIME_FOR_A_REPORT,
    )
