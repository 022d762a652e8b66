"""What the example apps are built on: signed requests in, answers out. Nothing but Python's standard library.

An app may be asked the same thing twice (same `id`): what it has seen before it takes and does not do again. Here the
ids are remembered in memory; a real app keeps them where it keeps what it did.
"""

import argparse
import hashlib
import hmac
import json
import os
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_MOST_BYTES = 1_000_000
_TRIES = 6


def is_genuine(secret: str, body: bytes, header: str) -> bool:
    """Whether a signature's header signs exactly these bytes; a near miss takes as long as any other."""
    expected = "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), header.encode())


def answer(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Posts an answer to one of a request's callbacks and says what came of it; a busy API is asked again."""
    data = json.dumps(body or {}).encode()
    return _fetched(urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="POST"))  # noqa: S310


def look(url: str) -> dict[str, Any]:
    """What a request's `check` says of it; a busy API is asked again."""
    return _fetched(urllib.request.Request(url))  # noqa: S310 - its own


def _fetched(call: urllib.request.Request) -> dict[str, Any]:
    for attempt in range(_TRIES):
        try:
            with urllib.request.urlopen(call, timeout=30) as reply:  # noqa: S310
                return {"status": reply.status, **json.load(reply)}
        except urllib.error.HTTPError as refusal:
            if refusal.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                return {"status": refusal.code, "code": json.load(refusal).get("code")}
        except OSError:
            pass  # not there at the moment
        time.sleep(2**attempt)
    return {"status": None, "code": "given up"}


def say(**facts: Any) -> None:
    """One line of JSON about what the app has done."""
    print(json.dumps(facts), flush=True)  # noqa: T201 - what a script is for


def arguments(about: str, default_port: int) -> argparse.ArgumentParser:
    """The command line that all of the apps have."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--port", type=int, default=default_port)
    parser.add_argument("--secret", default=os.environ.get("CONNECTOR_SECRET", ""), help="or CONNECTOR_SECRET")
    return parser


def serve(
    port: int, secret: str, work: Callable[[dict[str, Any]], None], signed_in: str = "X-MyAgentMail-Signature"
) -> None:
    """Listens on the loopback until it is stopped. A request is taken at once (204) and worked on afterwards.

    `signed_in` is the header that a request's signature stands in.
    """
    if not secret:
        raise SystemExit("the secret that requests are signed with is needed: --secret or CONNECTOR_SECRET")
    waiting: queue.Queue[dict[str, Any]] = queue.Queue()
    seen: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length <= _MOST_BYTES else b""
            if not is_genuine(secret, body, self.headers.get(signed_in, "")):
                self.send_error(HTTPStatus.UNAUTHORIZED)
                return
            request = json.loads(body)
            if request["id"] not in seen:
                seen.add(request["id"])
                waiting.put(request)
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing: `say` does."""

    def works() -> None:
        while True:
            work(waiting.get())

    threading.Thread(target=works, daemon=True).start()
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        say(listening=port)
        server.serve_forever()
