"""What plans and the list of suppressed addresses are built of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat import bootstrap

if TYPE_CHECKING:
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
