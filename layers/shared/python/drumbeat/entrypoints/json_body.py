"""A request body as JSON, refusing what would become a failure further in (reliability F-03, S-14)."""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from typing import Any

from drumbeat.domain.errors import BadRequest, TooLarge

MAX_DEPTH = 20


def read_body(event: Mapping[str, Any], limit: int) -> Any:
    """The JSON document of an API Gateway event; None when there is no body.

    Raises TooLarge above `limit` bytes, BadRequest for anything that is not one plain JSON document: deep nesting,
    repeated names, NaN and infinities, absurdly long numbers.
    """
    text = event.get("body")
    if not text:
        return None
    raw = _decoded(text) if event.get("isBase64Encoded") else text.encode("utf-8", "surrogatepass")
    if len(raw) > limit:
        raise TooLarge(f"The body has {len(raw)} bytes; this operation takes {limit}.", limit=limit)
    return parse(raw)


def parse(raw: bytes) -> Any:
    """`raw` as JSON. Raises BadRequest."""
    try:
        document = json.loads(
            raw.decode("utf-8", "surrogatepass"),
            object_pairs_hook=_unrepeated,
            parse_constant=_refused,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as cause:
        raise BadRequest(f"The body is not JSON that we can read: {_reason(cause)}.") from cause
    if _depth(document) > MAX_DEPTH:
        raise BadRequest(f"The body is nested deeper than {MAX_DEPTH} levels.")
    return document


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise BadRequest("The body is not valid base64.") from cause


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return members


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _reason(cause: Exception) -> str:
    if isinstance(cause, json.JSONDecodeError):
        return f"{cause.msg} at line {cause.lineno} column {cause.colno}"
    return "it is nested too deeply" if isinstance(cause, RecursionError) else str(cause)[:200]


def _depth(document: Any) -> int:
    """How deep the document nests, without recursion."""
    depth, level = 0, [document]
    while level := [
        child
        for node in level
        if isinstance(node, dict | list)
        for child in (node.values() if isinstance(node, dict) else node)
    ]:
        depth += 1
        if depth > MAX_DEPTH:
            break
    return depth
