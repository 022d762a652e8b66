"""HTTP in: one endpoint per function, authenticated, validated, done once and answered in its dialect."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat import bootstrap
from drumbeat.config import settings
from drumbeat.domain.errors import DomainError, IdempotencyKeyReused, ScopeMissing, UnsupportedMediaType
from drumbeat.domain.tenant import OPERATORS, ApiKey
from drumbeat.entrypoints import call_budget, clock, logs
from drumbeat.entrypoints.endpoint import Dialect, Endpoint
from drumbeat.entrypoints.event import Event, fingerprint_of, headers_of, query_values_of, root_of, source_of
from drumbeat.entrypoints.idempotency import Attempt, attempt_of
from drumbeat.entrypoints.json_body import read_body
from drumbeat.entrypoints.keys import caller, check_admitted, for_whom
from drumbeat.entrypoints.logs import logger

if TYPE_CHECKING:
    from drumbeat.application.ports import OutOfTime
    from drumbeat.dialects.refusal import Refusal

type LambdaHandler = Callable[[Event, LambdaContext], dict[str, Any]]

BODY_LIMIT = 512 * 1024
TIME_FOR_WORK = 7_000
_MUTATING = {"POST", "PUT", "PATCH", "DELETE"}
_NOBODY = ApiKey(0, 0, "", "", None, "direct", (), 0)


class Text(str):
    """A body that goes out as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: JSON, or Text.

    `once` joins the body of the first answer only: it is neither stored nor replayed.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request[B]:
    """What a handler gets: who asks, for what, and how long it may take.

    `query` holds the last value of each parameter, `query_values` all of them. `root` is what the API's own URLs begin
    with as this client sees it.
    """

    key: ApiKey
    path: Mapping[str, str]
    query: Mapping[str, str]
    query_values: Mapping[str, tuple[str, ...]]
    body: B
    now: int
    intent: str | None
    source: str
    root: str
    out_of_time: OutOfTime

    @property
    def tenant(self) -> int:
        """The caller's tenant; the only place it comes from is the key."""
        return self.key.tenant


def endpoint[B](
    method: str,
    path: str,
    *,
    dialect: Dialect,
    scope: str | None,
    body: type[B] | None = None,
    body_limit: int = BODY_LIMIT,
    body_optional: bool = False,
    for_operators: bool = False,
    once_per: tuple[str, ...] = (),
) -> Callable[[Callable[[Request[B]], Reply]], LambdaHandler]:
    """Makes a Lambda handler of a function from request to reply.

    `scope` is what the key must reach, None for a public endpoint. Where the body is optional, none at all is an empty
    object. What is `for_operators` takes their keys only and acts for no tenant. A mutating request with an
    Idempotency-Key is done once in 24 hours per tenant, reach and operation. With `once_per` these parameters of the
    path count too, and the key is looked up before the fields of the body are looked at. HEAD is answered without a
    body. Every refusal is worded by the dialect; what nobody foresaw is logged and answered as the dialect's failure,
    without a word about the inside.
    """

    def decorate(handle: Callable[[Request[B]], Reply]) -> LambdaHandler:
        operation = handle.__module__.rpartition(".")[2]
        options = body_limit, body_optional, for_operators, once_per
        described = Endpoint(method, path, operation, dialect, scope, body, *options)  # type: ignore[arg-type]

        @logs.request
        def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
            bootstrap.ledger.clear()
            answer = _answer(described, handle, event, context)
            _log(answer["statusCode"])
            return answer | {"body": ""} if method == "HEAD" else answer

        handler.endpoint = described  # type: ignore[attr-defined]
        return handler

    return decorate


def _answer(
    described: Endpoint, handle: Callable[[Request[Any]], Reply], event: Event, context: LambdaContext
) -> dict[str, Any]:
    said = {"Content-Type": described.dialect.media_type}
    try:
        return _gateway(_settled(described, handle, event, context, said), said, context.aws_request_id)
    except Exception:
        logger.exception("unforeseen", operation=described.operation)
        return _gateway(_worded(described.dialect.failure()), said, context.aws_request_id)


def _settled(
    described: Endpoint,
    handle: Callable[[Request[Any]], Reply],
    event: Event,
    context: LambdaContext,
    said: dict[str, str],
) -> Reply:
    """The reply; `said` gets the headers that every answer from here on carries."""
    try:
        return _handled(described, handle, event, context, said)
    except DomainError as error:
        return _worded(described.dialect.refusal(error))


def _worded(refusal: Refusal) -> Reply:
    return Reply(refusal.body, refusal.status, refusal.headers)


def _handled(
    described: Endpoint,
    handle: Callable[[Request[Any]], Reply],
    event: Event,
    context: LambdaContext,
    said: dict[str, str],
) -> Reply:
    started = clock.now()
    headers = headers_of(event)
    key = _NOBODY if described.scope is None else _authorized(described, headers, started, said)
    logger.append_keys(operation=described.operation, tenant=key.tenant, operator_key=key.operator)
    document = read_body(event, described.body_limit)
    said.update(_unknown_fields(described, document))
    path = event.get("pathParameters") or {}
    whose = "/".join([f"{key.tenant}{key.reach.mark}", *(path[name] for name in described.once_per)])
    attempt = attempt_of(described.operation, whose, headers) if described.method in _MUTATING else None

    def body() -> Any:
        return _validated(described, document, is_there=bool(event.get("body")))

    request = Request[Any](
        key=key,
        path=path,
        query=event.get("queryStringParameters") or {},
        query_values=query_values_of(event),
        body=None if described.once_per else body(),
        now=started,
        intent=None if attempt is None else attempt.intent,
        source=source_of(event),
        root=root_of(event, headers, settings().local_gateway),
        out_of_time=lambda: clock.now() - started > TIME_FOR_WORK,
    )

    def act() -> Reply:
        return handle(replace(request, body=body()) if described.once_per else request)

    if attempt is None:
        return _first(act())
    mark = fingerprint_of(event, document)
    scope = whose if described.scope else f"public {mark}"
    return _done_once(described, attempt, scope, mark, act, context)


def _done_once(
    described: Endpoint,
    attempt: Attempt,
    scope: str,
    fingerprint: str,
    act: Callable[[], Reply],
    context: LambdaContext,
) -> Reply:
    fresh: list[Reply] = []

    def record() -> dict[str, Any]:
        reply = act()
        fresh.append(reply)
        return attempt.packed(reply.status, reply.body, fingerprint)

    stored = bootstrap.run_once(
        owner=clock.new_owner(),
        operation=described.operation,
        scope=scope,
        key=attempt.key,
        context=context,
        act=record,
    )
    if fresh:
        return _first(fresh[0])
    status, body, known = attempt.unpacked(stored)
    headers = {"Idempotent-Replayed": "true"}
    if known != fingerprint:
        if not described.dialect.replays_whatever_the_body:
            raise IdempotencyKeyReused("This Idempotency-Key belongs to a request with another body.")
        headers["Idempotency-Key-Reused"] = "true"
    return Reply(body, status, headers)


def _first(reply: Reply) -> Reply:
    return Reply(reply.body | reply.once, reply.status, reply.headers) if reply.once else reply


def _authorized(described: Endpoint, headers: Mapping[str, str], now: int, said: dict[str, str]) -> ApiKey:
    dialect = described.dialect
    key = caller(dialect.presented_key(headers), now)
    check_admitted(key, knows_reach=dialect.knows_reach, for_operators=described.for_operators)
    standing = call_budget.budget.spend(dialect.name, key, dialect.call_limit, now)
    if dialect.shows_calls_left:
        said.update(call_budget.headers_of(standing))
    call_budget.check(standing)
    if dialect.demands_media_type and headers.get("content-type", "").partition(";")[0].strip() != dialect.media_type:
        raise UnsupportedMediaType(f"Requests must carry the header Content-Type: {dialect.media_type}.")
    if described.scope is not None and not key.reaches(described.scope):
        raise ScopeMissing(f"The key lacks the scope {described.scope}.", scope=described.scope)
    return key.acting_for(OPERATORS) if described.for_operators else for_whom(key, headers)


def _validated(described: Endpoint, document: Any, *, is_there: bool) -> Any:
    if described.body is None:
        return None
    from drumbeat.dialects.validation import validated  # with pydantic, which has come with the model

    return validated(described.body, document if is_there or not described.body_optional else {})


def _unknown_fields(described: Endpoint, document: Any) -> Mapping[str, str]:
    if described.body is None or not described.dialect.names_unknown_fields:
        return {}
    from drumbeat.dialects.unknown_fields import unknown_fields_header  # as above

    return unknown_fields_header(described.body, document)


def _log(status: int) -> None:
    logger.info(
        "answered",
        status=status,
        datastore_requests=bootstrap.ledger.datastore_requests(),
        write_units=sum(bootstrap.ledger.write_units.values()),
    )


def _gateway(reply: Reply, said: Mapping[str, str], request_id: str) -> dict[str, Any]:
    ours = {
        "X-Request-Id": request_id,
        "X-Correlation-Id": bootstrap.correlation.id or request_id,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    headers = {**said, **ours, **reply.headers}
    if reply.status == 204:
        del headers["Content-Type"]
        return {"statusCode": 204, "headers": headers, "body": ""}
    body = reply.body if isinstance(reply.body, Text) else json.dumps(reply.body, ensure_ascii=True)
    return {"statusCode": reply.status, "headers": headers, "body": body}
