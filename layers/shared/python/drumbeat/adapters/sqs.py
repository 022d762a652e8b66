"""SQS: hints for the send workers, bulk work for the batch workers, events for the tenants' own servers."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from drumbeat.domain import notice as notices
from drumbeat.domain.hint import Hint, message_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef as Entry

_ENTRIES_PER_REQUEST = 10
_LONGEST_DELAY = 900
_TRIES = 5


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
        "MessageBody": json.dumps(message_of(hint)),
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
    return {"Id": str(place), "MessageBody": json.dumps(message), "MessageGroupId": str(message["tenant"])}


@dataclass(frozen=True, slots=True)
class SqsNotices:
    """Carries notices to the worker that posts them, at least once."""

    client: SQSClient
    url: str

    def put(self, wanted: Sequence[notices.Notice]) -> None:
        """Hands notices over, ten a request. Raises QueueRefused when some could not be handed over."""
        for part in batched(wanted, _ENTRIES_PER_REQUEST, strict=False):
            _offer(self.client, self.url, [_notice_entry(place, notice) for place, notice in enumerate(part)])

    def put_off(self, received: Mapping[str, int]) -> None:
        """Hides messages the longer the more often they were received; the keys are their receipts.

        One that SQS does not hide comes again when the queue's own time is up.
        """
        for part in batched(received.items(), _ENTRIES_PER_REQUEST, strict=False):
            self.client.change_message_visibility_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": receipt, "VisibilityTimeout": notices.pause_after(count)}
                    for place, (receipt, count) in enumerate(part)
                ],
            )


def _notice_entry(place: int, notice: notices.Notice) -> Entry:
    """Not escaped: people's words would take up to three times the bytes, and ten entries have to fit a request."""
    return {
        "Id": str(place),
        "MessageBody": json.dumps(notices.message_of(notice), ensure_ascii=False),
        "MessageGroupId": f"{notice.tenant}.{notice.connector}",  # nobody's backlog delays the others, as with hints
    }


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
