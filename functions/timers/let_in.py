"""Runs every minute: lets enrollments in that wait for their sequence's throttle."""

from drumbeat import bootstrap
from drumbeat.application.let_in import let_all_in
from drumbeat.application.ports import OutOfTime
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.timer import timer


@timer
def handler(out_of_time: OutOfTime) -> object:
    """Looks at the throttles whose time has come; with nobody waiting that is one query."""
    return let_all_in(bootstrap.let_in_ports(), now=clock.now(), out_of_time=out_of_time)
