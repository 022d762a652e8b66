"""SQS: hints for the send workers, bulk work for the batch workers, events for the tenants' own servers."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.correlation import correlation
from drumbeat.domain import inbox as inboxes
from drumbeat.domain import notice as notices
from drumbeat.domain.hint import Hint, message_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef as Entry

    from drumbeat.domain.inbox import InboxName

_ENTRIES_PER_REQUEST = 10
_LONGEST_DELAY = 900
_TRIES = 5
_TICK = "tick"
"""A hint is a tick's doing; the enrollment knows which request made it."""


class QueueRefused(Exception):
    """SQS did not take all messages, however often they were offered."""


@dataclass(frozen=True, slots=True)
class SqsHints:
    """Carries hints to the send workers, each no earlier than its slot and at least once."""

    client: SQSClient
    url: str

    def put(self, hints: Sequence[Hint], now: int) -> None:
        """Sends hints, to arrive at their slots. Raises QueueRefused when some could not be handed over."""
        for part in batched(hints, _ENTRIES_PER_REQUEST, strict=False):
            _offer(self.client, self.url, [_entry(place, hint, now) for place, hint in enumerate(part)])


def _entry(place: int, hint: Hint, now: int) -> Entry:
    seconds = min(max(-((now - hint.at) // 1000), 0), _LONGEST_DELAY)
    return {
        "Id": str(place),
        "MessageBody": json.dumps(correlation.marked(message_of(hint), name=_TICK)),
        "DelaySeconds": seconds,
        "MessageGroupId": str(hint.tenant),  # on a standard queue: no order, but no tenant's backlog delays the others
    }


@dataclass(frozen=True, slots=True)
class SqsBatchQueue:
    """Carries bulk work to the batch workers, at least once."""

    client: SQSClient
    url: str

    def put(self, *messages: Mapping[str, Any]) -> None:
        """Hands messages over, ten a request. Raises QueueRefused when some could not be handed over."""
        for part in batched(messages, _ENTRIES_PER_REQUEST, strict=False):
            _offer(self.client, self.url, [_work_entry(place, message) for place, message in enumerate(part)])


def _work_entry(place: int, message: Mapping[str, Any]) -> Entry:
    body = json.dumps(correlation.marked(message))
    return {"Id": str(place), "MessageBody": body, "MessageGroupId": str(message["tenant"])}


@dataclass(frozen=True, slots=True)
class SqsInboxes:
    """Tells the workers which inboxes to look at, at least once."""

    client: SQSClient
    url: str

    def put(self, names: Sequence[InboxName]) -> None:
        """Hands messages over, ten a request. Raises QueueRefused when some could not be handed over."""
        messages = [inboxes.message_of(name) for name in names]
        SqsBatchQueue(self.client, self.url).put(*messages)


@dataclass(frozen=True, slots=True)
class SqsNotices:
    """Carries tasks to the worker that posts them, at least once."""

    client: SQSClient
    url: str

    def put(self, wanted: Sequence[notices.Notice]) -> None:
        """Hands notices over, ten a request. Raises QueueRefused when some could not be handed over."""
        self.put_later([(notice, 0) for notice in wanted])

    def put_later(self, tasks: Sequence[tuple[notices.Task, int]]) -> None:
        """Hands tasks over, ten a request, each to arrive no earlier than after so many milliseconds.

        Raises QueueRefused when some could not be handed over.
        """
        for part in batched(tasks, _ENTRIES_PER_REQUEST, strict=False):
            _offer(self.client, self.url, [_task_entry(place, *task) for place, task in enumerate(part)])


def _task_entry(place: int, task: notices.Task, delay: int) -> Entry:
    """Not escaped: people's words would take up to three times the bytes, and ten entries have to fit a request."""
    entry: Entry = {
        "Id": str(place),
        "MessageBody": json.dumps(correlation.marked(notices.message_of(task)), ensure_ascii=False),
        # Nobody's backlog delays the others, as with hints.
        "MessageGroupId": f"{task.receiver.tenant}.{task.receiver.number}",
    }
    return entry | {"DelaySeconds": min(-(-delay // 1000), _LONGEST_DELAY)} if delay else entry


def _offer(client: SQSClient, url: str, waiting: list[Entry]) -> None:
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, not a secret
        answer = client.send_message_batch(QueueUrl=url, Entries=waiting)
        failed = {entry["Id"] for entry in answer.get("Failed", [])}
        waiting = [entry for entry in waiting if entry["Id"] in failed]
        if not waiting:
            return
    raise QueueRefused(f"{len(waiting)} messages were not taken")
