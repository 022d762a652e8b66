"""Consumes SendQueue: a message is one step of one enrollment that may be due."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.ports import OutOfTime
from drumbeat.application.send_figures import SendFigures
from drumbeat.application.send_step import Report, send_steps
from drumbeat.domain.hint import Hint, hint_of
from drumbeat.entrypoints import clock, metrics
from drumbeat.entrypoints.metrics import Metric
from drumbeat.entrypoints.queue import Event, consume_together, worker
from drumbeat.entrypoints.side_by_side import side_by_side

LONGEST_DIALOGUE = 110_000


@worker
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Sends each step at most once: mails of one sender one after the other, senders side by side."""
    with bootstrap.send_ports() as ports, metrics.collected() as figures:
        send_all = partial(send_steps, ports, owner=clock.new_owner(), clock=clock.now, side_by_side=side_by_side)

        def send(hints: Sequence[Hint], out_of_time: OutOfTime) -> dict[Hint, Report]:
            done = send_all(hints, out_of_time=out_of_time)
            _note(SendFigures.of(done.values()), figures)
            return done

        return consume_together(event, context, hint_of, send, needs=LONGEST_DIALOGUE)


def _note(sends: SendFigures, figures: metrics.Figures) -> None:
    figures.add(Metric.SENDS, sends.sent)
    figures.add(Metric.SEND_LATENESS, *sends.lateness)
    figures.add(Metric.PARKED, sends.parked)
    figures.add(Metric.REFUSED, sends.refused)
