"""Runs every five minutes: batches that stand still get their messages again."""

from drumbeat import bootstrap
from drumbeat.application.batch_sweep import sweep_batches
from drumbeat.application.ports import OutOfTime
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.timer import timer


@timer
def handler(out_of_time: OutOfTime) -> object:
    """Looks at the batches that should have moved by now; with none open that is one query."""
    return sweep_batches(bootstrap.batches(), bootstrap.batch_queue(), out_of_time=out_of_time, now=clock.now())
