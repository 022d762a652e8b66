"""Runs every minute: hands out what is due in the next two."""

import random

from drumbeat import bootstrap
from drumbeat.application.dispatch_due import dispatch_due
from drumbeat.application.ports import OutOfTime
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.timer import timer


@timer
def handler(out_of_time: OutOfTime) -> object:
    """Looks at the lanes that are awake; with nothing due that is one query."""
    rng = random.Random()  # noqa: S311 - the pace of mails, not a secret
    return dispatch_due(bootstrap.dispatch_ports(), clock=clock.now, rng=rng, out_of_time=out_of_time)
