"""Runs every minute: what is to be posted again within the next two gets its message."""

from drumbeat import bootstrap_webhooks
from drumbeat.application.ports import OutOfTime
from drumbeat.application.wake_deliveries import wake_deliveries
from drumbeat.entrypoints import clock, metrics
from drumbeat.entrypoints.metrics import Metric
from drumbeat.entrypoints.timer import timer


@timer
def handler(out_of_time: OutOfTime) -> object:
    """Looks at the deliveries whose time has come; with nothing due that is one query."""
    deliveries, tasks = bootstrap_webhooks.deliveries(), bootstrap_webhooks.tasks()
    with metrics.collected() as figures:
        woken = wake_deliveries(deliveries, tasks, now=clock.now(), out_of_time=out_of_time)
        figures.add(Metric.WEBHOOK_BACKLOG, woken.overdue)
    return woken
