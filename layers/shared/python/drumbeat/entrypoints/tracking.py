"""Links in mails: the token in the path is all there is, and answers say nothing about anybody."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

type Event = Mapping[str, Any]
type Handler = Callable[[Event, LambdaContext], dict[str, Any]]
type OnToken = Callable[[str], bool]

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
_logger = Logger()


def pixel(record: OnToken) -> Handler:
    """Makes a Lambda handler that answers a pixel whatever happens; noting the load is best effort."""

    @_logger.inject_lambda_context(clear_state=True)
    def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
        try:
            record(_token(event))
        except Exception:
            _logger.exception("open not recorded")
        return {"statusCode": 200, "headers": _QUIET | {"Content-Type": "image/gif"}, "body": GIF}

    return handler


def question(is_ours: OnToken) -> Handler:
    """Makes a Lambda handler that asks whether to unsubscribe, and changes nothing."""
    return _page(is_ours, _ASK)


def action(act: OnToken) -> Handler:
    """Makes a Lambda handler that unsubscribes, by a mail client's one click or by the form (RFC 8058): no redirect."""
    return _page(act, _DONE)


def _page(on_token: OnToken, content: str) -> Handler:
    @_logger.inject_lambda_context(clear_state=True)
    def handler(event: Event, _context: LambdaContext) -> dict[str, Any]:
        try:
            known = on_token(_token(event))
        except Exception:
            _logger.exception("link not followed")
            return _shown(503, _TRY_AGAIN)
        return _shown(200, content) if known else _shown(404, _NO_SUCH_LINK)

    return handler


def _shown(status: int, page: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": _PAGE_HEADERS, "body": page}


def _token(event: Event) -> str:
    return str((event.get("pathParameters") or {}).get("token") or "")
