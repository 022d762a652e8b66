"""Builds what takes signals in: from recipients, mail servers and mailboxes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from drumbeat import bootstrap

if TYPE_CHECKING:
    from drumbeat.application.tracking import TrackingPorts


@cache
def tracking_ports() -> TrackingPorts:
    """For the process: it remembers what it has noted."""
    from drumbeat.application.tracking import TrackingPorts

    return TrackingPorts(bootstrap.enrollments(), bootstrap.signals(), bootstrap.token_keys())
