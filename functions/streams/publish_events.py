"""Consumes the table's stream: what was written is logged and counted as events, and told to those who listen."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap_cadences
from drumbeat.application.publish_events import Published, publish_events
from drumbeat.dialects.news import FOR_ENDPOINTS, spelled
from drumbeat.domain.event import Change
from drumbeat.entrypoints import clock, metrics
from drumbeat.entrypoints.metrics import Metric
from drumbeat.entrypoints.stream import Event, consume_stream, stream


@stream
def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
    """Logs, counts and sends on what happened; a record that comes again sends the same events, under the same ids."""
    ports = bootstrap_cadences.publish_ports()
    with metrics.collected() as figures:

        def publish(changes: Sequence[Change]) -> Published:
            done = publish_events(ports, changes, spell=spelled, words=FOR_ENDPOINTS, now=clock.now())
            if done.lag is not None:
                figures.add(Metric.EVENTS_PUBLISHED, done.events)
                figures.add(Metric.EVENT_LAG, done.lag)
            return done

        return consume_stream(event, bootstrap_cadences.stream_change, publish)
