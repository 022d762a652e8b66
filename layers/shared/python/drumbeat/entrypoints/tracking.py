"""Links in mails: the token in the path is all there is, and answers say nothing about anybody."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from drumbeat.domain.reader import Look
from drumbeat.entrypoints import clock, logs
from drumbeat.entrypoints.event import Event, headers_of
from drumbeat.entrypoints.logs import logger

type Handler = Callable[[Event, LambdaContext], dict[str, Any]]
type OnToken = Callable[[str], bool]
type OnLook = Callable[[str, Look], None]
type Target = Callable[[str], str | None]

# One pixel. Every byte is below 128, so it survives a gateway that takes answers for text (docs/adr/0002).
GIF = "GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
_QUIET = {
    "Cache-Control": "no-store, no-cache, must-revalidate, private",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGE_HEADERS = _QUIET | {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:16px/1.5 system-ui,sans-serif;max-width:30em;margin:4em auto;padding:0 1em}}
button{{font:inherit;padding:.5em 1em}}</style></head><body><h1>{title}</h1>{content}</body></html>
"""
_ASK = _PAGE.format(
    title="Unsubscribe",
    content="<p>You will get no more mail from this sender.</p>"
    '<form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>',
)
_DONE = _PAGE.format(title="Unsubscribed", content="<p>You will get no more mail from this sender.</p>")
_NO_SUCH_LINK = _PAGE.format(title="Not found", content="<p>This link is not complete, or not ours.</p>")
_TRY_AGAIN = _PAGE.format(title="Not now", content="<p>This did not work. Please try again in a minute.</p>")
_RETRY_AFTER = "60"
_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""In which browsers say that nobody has asked for it yet."""


def pixel(record: OnLook) -> Handler:
    """Makes a Lambda handler that answers a pixel whatever happens; noting the load is best effort."""

    @logs.request
    def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
        _record(record, event, "open not recorded")
        return _answer(event, 200, _QUIET | {"Content-Type": "image/gif"}, GIF)

    return handler


def redirect(target_of: Target) -> Callable[[OnLook], Handler]:
    """Makes a Lambda handler that sends on to the token's target, whether or not it can be noted that it did.

    A token without a target gets a page, never a way to anywhere: nobody can make our address lead to theirs.
    """

    def decorate(record: OnLook) -> Handler:
        @logs.request
        def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
            try:
                target = target_of(_token(event))
            except Exception:
                logger.exception("link not read")
                return _try_again(event)
            if target is None:
                return _shown(event, 404, _NO_SUCH_LINK)
            _record(record, event, "click not recorded")
            return _answer(event, 302, _QUIET | {"Location": target}, "")

        return handler

    return decorate


def question(is_ours: OnToken) -> Handler:
    """Makes a Lambda handler that asks whether to unsubscribe, and changes nothing."""
    return _page(is_ours, _ASK)


def action(act: OnToken) -> Handler:
    """Makes a Lambda handler that unsubscribes, by a mail client's one click or by the form (RFC 8058): no redirect."""
    return _page(act, _DONE)


def _page(on_token: OnToken, content: str) -> Handler:
    @logs.request
    def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
        try:
            known = on_token(_token(event))
        except Exception:
            logger.exception("link not followed")
            return _try_again(event)
        return _shown(event, 200, content) if known else _shown(event, 404, _NO_SUCH_LINK)

    return handler


def _record(record: OnLook, event: Event, trouble: str) -> None:
    try:
        record(_token(event), _look(event))
    except Exception:
        logger.exception(trouble)


def _try_again(event: Event) -> dict[str, Any]:
    return _answer(event, 503, _PAGE_HEADERS | {"Retry-After": _RETRY_AFTER}, _TRY_AGAIN)


def _shown(event: Event, status: int, page: str) -> dict[str, Any]:
    return _answer(event, status, _PAGE_HEADERS, page)


def _answer(event: Event, status: int, headers: dict[str, str], body: str) -> dict[str, Any]:
    """HEAD is answered without a body (RFC 9110, 9.3.2)."""
    return {"statusCode": status, "headers": headers, "body": "" if event.get("httpMethod") == "HEAD" else body}


def _token(event: Event) -> str:
    return str((event.get("pathParameters") or {}).get("token") or "")


def _look(event: Event) -> Look:
    headers = headers_of(event)
    purpose = " ".join(headers.get(name, "") for name in _PURPOSES).lower()
    return Look(clock.now(), str(event.get("httpMethod") or "GET"), headers.get("user-agent", ""), purpose)
