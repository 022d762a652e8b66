"""The log: one line of JSON for each thing that happened, with the id of the request that it was done for."""

import copy
import logging
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.entrypoints.event import headers_of

HEADER = "x-correlation-id"
NAME = bootstrap.correlation.name
LONGEST = 36
"""Characters of a correlation id: a UUID's. An enrollment has room for as many."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What all usual ids are, and no address is."""
_MOST_FRAMES = 30

type Handler[Event] = Callable[[Event, LambdaContext], dict[str, Any]]


class Discreet(LambdaPowertoolsFormatter):
    """Tells an error by its type and where it came from, never by its words: they may be somebody's (S-41)."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else record.exc_info
        if not isinstance(error, BaseException):
            return super().format(record)
        told = copy.copy(record)
        told.exc_info = None
        told.__dict__.update(exception_name=type(error).__name__, exception=_told(error))
        return super().format(told)


def _told(error: BaseException) -> list[str]:
    """The error and what it came of, each with where it was raised, the innermost place first."""
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(told) < _MOST_FRAMES:
        told.append(f"{type(seen).__module__}.{type(seen).__qualname__}{bootstrap.code_of(seen)}")
        frames = traceback.StackSummary.extract(traceback.walk_tb(seen.__traceback__), lookup_lines=False)[::-1]
        told += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return told[:_MOST_FRAMES]


def fields_of(done: object) -> dict[str, Any]:
    """What a report says, without its empty parts and without words: of those only that there are any.

    Servers answer with addresses, and so do people; what they said is kept where its tenant can read it. Errors are
    told by who logs them.
    """
    if not is_dataclass(done):
        return {}
    parts = {field.name: getattr(done, field.name) for field in fields(done)}
    return {name: _plain(name, value) for name, value in parts.items() if not isinstance(value, Exception | None)}


def _plain(name: str, value: object) -> object:
    match value:
        case Enum():
            return value.value
        case bool() | int():
            return value
        case str():
            return value if name == NAME else True
    code = getattr(value, "code", None)
    return f"{type(value).__name__} {code}" if isinstance(code, int) else type(value).__name__


logger = Logger(logger_formatter=Discreet())


def invocation[Event](handler: Handler[Event]) -> Handler[Event]:
    """A Lambda handler whose lines carry its invocation and the id of that, and nothing of the one before."""
    return _correlated(handler, lambda _, context: context.aws_request_id)


def request(handler: Handler[Mapping[str, Any]]) -> Handler[Mapping[str, Any]]:
    """A Lambda handler of API Gateway's events, whose lines carry the request's correlation id."""
    return _correlated(handler, correlation_id)


def correlation_id(event: Mapping[str, Any], context: LambdaContext) -> str:
    """The id that the client gave in `X-Correlation-Id` if it is well formed, else API Gateway's, else Lambda's."""
    given = headers_of(event).get(HEADER)
    gateways = (event.get("requestContext") or {}).get("requestId")
    return next((str(found) for found in (given, gateways) if _is_short_id(found)), context.aws_request_id)


@contextmanager
def done_for(found: object, *, otherwise: str) -> Iterator[None]:
    """What is logged, made and handed on meanwhile is marked with the id that was found, if it is one."""
    before = bootstrap.correlation.id
    _mark(str(found) if _is_short_id(found) else otherwise)
    try:
        yield
    finally:
        _mark(before)


def _mark(known: str | None) -> None:
    bootstrap.correlation.id = known
    logger.append_keys(**{NAME: known})


def is_id(found: object) -> bool:
    """Whether it may be told: a number, or a text that looks like an id."""
    return isinstance(found, int) or (isinstance(found, str) and _ID.fullmatch(found) is not None)


def _is_short_id(found: object) -> bool:
    return isinstance(found, str) and len(found) <= LONGEST and is_id(found)


def _correlated[Event](handler: Handler[Event], id_of: Callable[[Event, LambdaContext], str]) -> Handler[Event]:
    @logger.inject_lambda_context(clear_state=True)
    def invoked(event: Event, context: LambdaContext) -> dict[str, Any]:
        with done_for(id_of(event, context), otherwise=context.aws_request_id):
            return handler(event, context)

    return invoked
