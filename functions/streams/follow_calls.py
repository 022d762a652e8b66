"""Consumes the table's stream: what the ends of enrollments mean for those called after them, and for credits."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_calls
from drumbeat.application.follow_calls import follow_calls
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.stream import Event, consume_stream, stream


@stream
def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
    """Sees to call groups and credits of what is over; a record that comes again changes nothing."""
    ports = bootstrap_calls.follow_ports()
    return consume_stream(
        event, bootstrap_calls.enrollment_end, lambda ends: follow_calls(ports, ends, now=clock.now())
    )
