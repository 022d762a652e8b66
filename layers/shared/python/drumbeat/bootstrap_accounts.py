"""What plans, the list of suppressed addresses and test mails are built of."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from drumbeat import bootstrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drumbeat.application.send_tests import TestPorts
    from drumbeat.application.subscriptions import PlanPorts
    from drumbeat.application.suppression_list import SuppressPorts


def suppress_ports() -> SuppressPorts:
    from drumbeat.application.suppression_list import SuppressPorts

    return SuppressPorts(
        suppressions=bootstrap.suppressions(),
        signals=bootstrap.signals(),
        enrollments=bootstrap.enrollments(),
        queue=bootstrap.batch_queue(),
    )


def plan_ports() -> PlanPorts:
    from drumbeat.application.subscriptions import PlanPorts

    return PlanPorts(subscriptions=bootstrap.subscriptions(), sequences=bootstrap.sequences(), lanes=bootstrap.lanes())


@contextmanager
def test_ports() -> Iterator[TestPorts]:
    """For one call: its client waits, so a server gets less time than it has for real mails."""
    from drumbeat.adapters.smtp import Patience
    from drumbeat.application.send_tests import TestPorts

    with ExitStack() as connections:
        yield TestPorts(
            sequences=bootstrap.sequences(),
            contacts=bootstrap.contacts(),
            subscriptions=bootstrap.subscriptions(),
            mailer=bootstrap.mailer(connections, Patience(connect=4, command=5, until_dot=8, after_dot=9, goodbye=1)),
        )
