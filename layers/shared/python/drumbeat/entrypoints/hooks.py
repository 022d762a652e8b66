"""Hooks that mail providers call: a token in the path or a signature says who it is, answers say nothing to anybody."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat.application.take_hook import NotGenuine
from drumbeat.application.take_provider_event import Noted, StillUnderWay
from drumbeat.domain.errors import StoreBusy
from drumbeat.entrypoints import logs
from drumbeat.entrypoints.event import Event, headers_of
from drumbeat.entrypoints.logs import logger

BODY_LIMIT = 1024 * 1024
COME_AGAIN_IN = 360
"""Seconds until a mail that is under way is settled, or its worker found dead."""
type Handler = Callable[[Event, LambdaContext], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """What a provider posted; `token` is that of the path, empty where there is none."""

    token: str
    body: bytes
    content_type: str


def hook(take: Callable[[Call], Sequence[Noted]]) -> Handler:
    """Makes a Lambda handler of what takes a call, which may raise ValueError for what it can't read.

    Who is not genuine gets 403. Where the store is busy, or a mail is still under way, the provider is asked to come
    again. What nobody foresaw is logged and answered 500: it comes again too.
    """

    @logs.request
    def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
        try:
            return _taken(take, event)
        except NotGenuine:
            logger.warning("not genuine", exc_info=True)
            return _answer(403)
        except (StoreBusy, StillUnderWay, OSError):
            logger.warning("to come again", exc_info=True)
            return _answer(503, {"Retry-After": str(COME_AGAIN_IN)})
        except ValueError:
            logger.warning("unreadable", exc_info=True)
            return _answer(400)
        except Exception:
            logger.exception("unforeseen")
            return _answer(500)

    return handler


def _taken(take: Callable[[Call], Sequence[Noted]], event: Event) -> dict[str, Any]:
    text = str(event.get("body") or "")
    if len(text) > 2 * BODY_LIMIT:
        return _answer(413)
    body = _decoded(text) if event.get("isBase64Encoded") else text.encode("utf-8", "surrogatepass")
    if len(body) > BODY_LIMIT:
        return _answer(413)
    token = str((event.get("pathParameters") or {}).get("token") or "")
    for noted in take(Call(token, body, headers_of(event).get("content-type", ""))):
        logger.info("reported", **logs.fields_of(noted))
    return _answer(200)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as trouble:
        raise ValueError("not base64") from trouble


def _answer(status: int, headers: dict[str, str] | None = None) -> dict[str, Any]:
    quiet = {"Cache-Control": "no-store", "Content-Type": "text/plain", "X-Content-Type-Options": "nosniff"}
    return {"statusCode": status, "headers": quiet | (headers or {}), "body": ""}
