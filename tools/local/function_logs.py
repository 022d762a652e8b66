"""What the functions of the local stack logged when they failed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

_LINES = 20


def last_failure(logs: Any) -> str:
    """The end of what the last failing invocation wrote, read with a CloudWatch Logs client; empty if none failed."""
    streams: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for group in _all(logs, "describe_log_groups", "logGroups"):
        name = group["logGroupName"]
        for event in _all(logs, "filter_log_events", "events", logGroupName=name):
            streams[name, event["logStreamName"]].append((event["timestamp"], event["message"]))
    failures = [failure for stream in streams.values() for failure in failures_of(stream)]
    return max(failures, default=(0, ""))[1]


def failures_of(events: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The invocations of one log stream that ended with a traceback: when, and the end of what they wrote."""
    when, lines = 0, list[str]()
    for timestamp, message in events:
        if message.startswith("START RequestId"):
            when, lines = timestamp, []
        elif not message.startswith(("END RequestId", "REPORT RequestId")):
            lines.append(message.rstrip("\n"))
        elif any("Traceback (most recent call last)" in line for line in lines):
            yield when, "\n".join(lines[-_LINES:])
            lines = []


def _all(client: Any, operation: str, key: str, **arguments: str) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]
