"""Queues in: every message succeeds or fails on its own, and one slow sender does not hold up the others."""

import json
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat.application.ports import OutOfTime

type Message = Mapping[str, Any]
type Work = Callable[[Message, OutOfTime], Any]
type Grouping = Callable[[Message], Hashable]
type Event = Mapping[str, Any]
type Consumer = Callable[[Event, LambdaContext], dict[str, Any]]

_IDS = ("tenant", "sequence", "contact", "run", "step", "sender", "batch", "contact_import")
_logger = Logger()


class NoTimeLeft(Exception):
    """The message was not begun: it comes again."""


class _GroupProcessor(BatchProcessor):
    """Works on groups of messages side by side, on those of one group one after the other."""

    def __init__(self, grouping: Grouping) -> None:
        super().__init__(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        self._grouping = grouping

    def process(self) -> list[tuple[Any, ...]]:
        groups: dict[Hashable, list[dict[str, Any]]] = {}
        for record in self.records:
            groups.setdefault(self._group_of(record), []).append(record)
        with ThreadPoolExecutor(max_workers=max(len(groups), 1)) as pool:
            parts = [pool.submit(self._work_through, group) for group in groups.values()]
            return [result for part in parts for result in part.result()]

    def _work_through(self, records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return [self._process_record(record) for record in records]

    def _group_of(self, record: dict[str, Any]) -> Hashable:
        try:
            return self._grouping(json.loads(record["body"]))
        except (ValueError, KeyError, TypeError):
            return None  # unreadable: the worker will say so


def worker(handler: Consumer) -> Consumer:
    """A Lambda handler whose log lines carry its invocation, and nothing of the one before."""
    return _logger.inject_lambda_context(clear_state=True)(handler)


def consume(
    event: Event,
    context: LambdaContext,
    work: Work,
    *,
    needs: int,
    grouping: Grouping = lambda _: None,
) -> dict[str, Any]:
    """Hands every message of an SQS event to `work`; answers with the ids of those that must come again.

    `needs` is how many milliseconds one message may take: none is begun with less left. What `work` returns is logged
    with the ids in the message. Messages of different groups run in threads of their own.
    """
    processor = _GroupProcessor(grouping)

    def handle(record: SQSRecord) -> None:
        message = json.loads(record.body)
        if not isinstance(message, dict):
            raise TypeError("a message is an object")
        ids = {name: message[name] for name in _IDS if name in message}
        if context.get_remaining_time_in_millis() < needs:
            _logger.warning("no time left", **ids)
            raise NoTimeLeft
        try:
            done = work(message, lambda: context.get_remaining_time_in_millis() < needs)
        except Exception:
            _logger.exception("message failed", **ids)
            raise
        _logger.info("message done", **ids, **_told(done))

    with processor(records=list(event["Records"]), handler=handle):
        processor.process()
    return dict(processor.response())


def _told(done: Any) -> dict[str, Any]:
    """What a report says, without its empty parts."""
    if not is_dataclass(done) or isinstance(done, type):
        return {}
    parts = {field.name: getattr(done, field.name) for field in fields(done)}
    return {name: str(value) for name, value in parts.items() if value is not None}
