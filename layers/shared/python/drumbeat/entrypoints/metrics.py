"""Metrics: lines of the log that CloudWatch makes numbers of."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

_NAMESPACE = "Drumbeat"


def count(name: str, number: int | None) -> None:
    """Adds to a count; nothing is written where there is nothing to add."""
    if number:
        with single_metric(name=name, unit=MetricUnit.Count, value=number, namespace=_NAMESPACE):
            return
