"""Consumes the table's stream: what was written to enrollments, as events for those who listen."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_cadences
from drumbeat.application.publish_events import publish_events
from drumbeat.dialects.news import spelled
from drumbeat.entrypoints.stream import Event, consume_stream, stream


@stream
def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
    """Sends on what happened; a record that comes again sends the same events, under the same ids."""
    ports = bootstrap_cadences.publish_ports()
    return consume_stream(
        event,
        bootstrap_cadences.enrollment_change,
        lambda changes: publish_events(ports, changes, spell=spelled),
    )
