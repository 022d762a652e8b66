"""What API Gateway's event says about a request."""

import json
from collections.abc import Mapping
from typing import Any

from drumbeat.domain.digest import digest

type Event = Mapping[str, Any]


def headers_of(event: Event) -> Mapping[str, str]:
    """The headers by their names in small letters."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items() if isinstance(value, str)}


def query_values_of(event: Event) -> Mapping[str, tuple[str, ...]]:
    """All values of each parameter; API Gateway always says them, a caller of the function itself may not."""
    many = event.get("multiValueQueryStringParameters")
    if many is None:
        return {name: (value,) for name, value in (event.get("queryStringParameters") or {}).items()}
    return {name: tuple(values) for name, values in many.items()}


def root_of(event: Event, headers: Mapping[str, str], local_gateway: str) -> str:
    """Scheme, host and what stands before the route's own path: a stage, or nothing at a domain of one's own.

    `local_gateway` is where an emulator serves its APIs, whose paths do not tell all that was asked for; else empty.
    """
    path = str(event.get("path") or "")
    context = event.get("requestContext") or {}
    before = str(context.get("path") or path).removesuffix(path) if path else ""
    if local_gateway:
        return f"{local_gateway}/_aws/execute-api/{context.get('apiId')}{before}"
    scheme = headers.get("x-forwarded-proto", "https")
    return f"{scheme}://{headers['host']}{before}" if "host" in headers else before


def source_of(event: Event) -> str:
    """The address that the request comes from."""
    identity = (event.get("requestContext") or {}).get("identity") or {}
    return str(identity.get("sourceIp") or "unknown")


def fingerprint_of(event: Event, document: Any) -> str:
    """What tells a request from others under one Idempotency-Key."""
    query = event.get("multiValueQueryStringParameters") or event.get("queryStringParameters") or {}
    parts = [event.get("pathParameters") or {}, query, document]
    return digest(json.dumps(parts, sort_keys=True))
