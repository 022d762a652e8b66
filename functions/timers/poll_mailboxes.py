"""Runs every minute: tells workers which senders' mailboxes to look into."""

from drumbeat import bootstrap_signals
from drumbeat.application.poll_mailboxes import poll_mailboxes
from drumbeat.application.ports import OutOfTime
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.timer import timer


@timer
def handler(out_of_time: OutOfTime) -> object:
    """Looks at the inboxes whose time has come; with none due that is two reads."""
    return poll_mailboxes(bootstrap_signals.poll_ports(), now=clock.now(), out_of_time=out_of_time)
