"""Runs every minute: what is to be posted again within the next two gets its message."""

from drumbeat import bootstrap_webhooks
from drumbeat.application.ports import OutOfTime
from drumbeat.application.wake_deliveries import wake_deliveries
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.timer import timer


@timer
def handler(out_of_time: OutOfTime) -> object:
    """Looks at the deliveries whose time has come; with nothing due that is one query."""
    return wake_deliveries(
        bootstrap_webhooks.deliveries(), bootstrap_webhooks.tasks(), now=clock.now(), out_of_time=out_of_time
    )
