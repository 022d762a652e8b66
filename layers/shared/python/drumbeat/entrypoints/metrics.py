"""Metrics: lines of the log that CloudWatch makes numbers of, one for each invocation that has something to tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

NAMESPACE = "Drumbeat"


class Metric(StrEnum):
    """What is measured; what is a time is in milliseconds, all else is counted (ADR 52)."""

    SENDS = "Sends"  # what was taken over: mails by servers, steps by tenants' apps
    SEND_LATENESS = "SendLateness"  # how long after its slot each of them had left
    PARKED = "Parked"  # sends of which nobody knows whether they left
    REFUSED = "Refused"  # mails that a server refused for good
    BATCH_AGE = "BatchAge"  # of a chunk's batch since it was started, when the chunk was done
    WEBHOOK_DELIVERIES = "WebhookDeliveries"  # posts that were taken
    WEBHOOK_FAILURES = "WebhookFailures"  # posts that were not
    WEBHOOK_BACKLOG = "WebhookBacklog"  # posts whose time had passed when a tick found them
    UNCOUNTED_CALLS = "UncountedCalls"  # calls that were let pass, as the store did not answer
    EVENTS_PUBLISHED = "EventsPublished"  # events that were logged, counted and told
    EVENT_LAG = "EventLag"  # the longest time from a write to when its event was published
    UNMATCHED_REPLIES = "UnmatchedReplies"  # mails in senders' mailboxes that belong to no enrollment

    @property
    def unit(self) -> MetricUnit:
        """What its numbers are."""
        return MetricUnit.Milliseconds if self in _TIMES else MetricUnit.Count


_TIMES = {Metric.SEND_LATENESS, Metric.BATCH_AGE, Metric.EVENT_LAG}


class Figures:
    """What an invocation comes to, in numbers."""

    def __init__(self) -> None:
        self._provider = AmazonCloudWatchEMFProvider(namespace=NAMESPACE)

    def add(self, metric: Metric, *values: int) -> None:
        """Notes values of the metric. Nothing is noted where there is nothing to count."""
        for value in values:
            if value or metric in _TIMES:
                self._provider.add_metric(metric, metric.unit, value)

    def write(self) -> None:
        """Writes the line, if there is anything to tell."""
        if self._provider.metric_set:
            self._provider.flush_metrics()


@contextmanager
def collected() -> Iterator[Figures]:
    """Figures that are written when all is done, also when it ended with an error."""
    figures = Figures()
    try:
        yield figures
    finally:
        figures.write()
