"""Runs every five minutes: what stands still is set in motion again, batches and call groups."""

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.application.ports import OutOfTime
from drumbeat.application.sweep import sweep
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.timer import timer


@timer
def handler(out_of_time: OutOfTime) -> object:
    """Looks at what should have moved by now; with nothing open that is one query for batches and one for groups."""
    return sweep(
        bootstrap.batches(),
        bootstrap.batch_queue(),
        bootstrap_calls.call_group_ports(),
        now=clock.now(),
        out_of_time=out_of_time,
    )
