"""Queues in: every message succeeds or fails on its own."""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.application.ports import OutOfTime
from drumbeat.domain.errors import StoreBusy
from drumbeat.entrypoints import logs
from drumbeat.entrypoints.logs import logger

type Message = Mapping[str, Any]
type Event = Mapping[str, Any]
type Consumer = Callable[[Event, LambdaContext], dict[str, Any]]
type Work = Callable[[Message, OutOfTime], Any]
type WorkOnAll[Read] = Callable[[Sequence[Read], OutOfTime], Mapping[Read, Done]]

_IDS = (
    "tenant",
    "sequence",
    "contact",
    "run",
    "step",
    "sender",
    "batch",
    "first",
    "contact_import",
    "connector",
    "endpoint",
    "event",
    "tick",
    logs.NAME,
)
# What JSON that is none, an object of another kind or too deep a nesting raises.
_UNREADABLE = (ValueError, TypeError, RecursionError)


class NoTimeLeft(Exception):
    """The message was not begun: it comes again."""


class Done(Protocol):
    """What became of a message; with `trouble` it has to come again, an error `aside` is only to be told."""

    @property
    def trouble(self) -> Exception | None: ...
    @property
    def aside(self) -> Exception | None: ...


def worker(handler: Consumer) -> Consumer:
    """A Lambda handler whose log lines carry its invocation, and nothing of the one before."""
    return logs.invocation(handler)


def consume(event: Event, context: LambdaContext, work: Work, *, needs: int) -> dict[str, Any]:
    """Hands every message of an SQS event to `work`; answers with the ids of those that must come again.

    `needs` is how many milliseconds one message may take: none is begun with less left. What `work` returns is logged
    with the ids in the message.
    """
    records = event["Records"]
    return _to_come_again(r["messageId"] for r in records if not _is_handled(r["body"], context, work, needs))


def _is_handled(body: str, context: LambdaContext, work: Work, needs: int) -> bool:
    """Whether the message was worked on to the end; why not is logged."""
    try:
        message = _message(body)
    except _UNREADABLE:
        logger.exception("unreadable message")
        return False
    if context.get_remaining_time_in_millis() < needs:
        logger.warning("no time left", **_ids(message))
        return False
    try:
        with logs.done_for(message.get(logs.NAME), otherwise=context.aws_request_id):
            done = work(message, lambda: context.get_remaining_time_in_millis() < needs)
    except Exception:
        logger.exception("message failed", **_ids(message))
        return False
    logger.info("message done", **_ids(message) | logs.fields_of(done))
    return True


def _to_come_again(messages: Iterable[str]) -> dict[str, Any]:
    """What SQS is told of the messages that it must hand out again."""
    return {"batchItemFailures": [{"itemIdentifier": name} for name in messages]}


def attempted[Result](work: Callable[[], Result]) -> Result | None:
    """What `work` returns; None if it raised, which is logged. Raises what may go well later: a busy or absent AWS."""
    try:
        return work()
    except Exception as error:
        if isinstance(error, StoreBusy) or bootstrap.is_passing(error):
            raise
        logger.exception("given up")
        return None


def consume_together[Read: Hashable](
    event: Event,
    context: LambdaContext,
    read: Callable[[Message], Read],
    work: WorkOnAll[Read],
    *,
    needs: int,
) -> dict[str, Any]:
    """Hands all messages of an SQS event, as `read` reads them, to one `work`; answers with those that must come again.

    What can't be read comes again on its own, everything if `work` raises. `needs` is as in `consume`.
    """
    messages: dict[str, Message] = {}
    wanted: dict[str, Read] = {}
    failed: list[str] = []
    for record in event["Records"]:
        try:
            messages[record["messageId"]] = _message(record["body"])
            wanted[record["messageId"]] = read(messages[record["messageId"]])
        except _UNREADABLE:
            logger.exception("unreadable message")
            failed.append(record["messageId"])
    done = _work_on_all(list(wanted.values()), context, work, needs)
    for name, key in wanted.items():
        report = None if done is None else done[key]
        if not _is_done(report, messages[name]):
            failed.append(name)
    return _to_come_again(failed)


def _is_done(report: Done | None, message: Message) -> bool:
    """Tells what became of a message, and answers whether it need not come again."""
    trouble = NoTimeLeft() if report is None else report.trouble
    if trouble is not None:
        logger.error("message failed", exc_info=trouble, **_ids(message))
        return False
    logger.info("message done", **_ids(message) | logs.fields_of(report))
    if report is not None and report.aside is not None:
        logger.error("message done, with an error aside", exc_info=report.aside, **_ids(message))
    return True


def _work_on_all[Read](
    wanted: Sequence[Read], context: LambdaContext, work: WorkOnAll[Read], needs: int
) -> Mapping[Read, Done] | None:
    """What `work` did; None if it could not be begun or came to nothing."""
    if context.get_remaining_time_in_millis() < needs:
        return None
    try:
        return work(wanted, lambda: context.get_remaining_time_in_millis() < needs)
    except Exception:
        logger.exception("nothing could be done")
        return None


def _message(body: str) -> Message:
    message = json.loads(body)
    if not isinstance(message, dict):
        raise TypeError("a message is an object")
    return message


def _ids(message: Message) -> dict[str, Any]:
    return {name: message[name] for name in _IDS if logs.is_id(message.get(name))}
