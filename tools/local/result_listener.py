"""Who hears what calls came to: takes what carries the secret, and tells repeats by `callId`."""

import hmac
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from tools.local.ports import LOOPBACK, free_port

_REFUSES_EVERY = 5


class ResultListener:
    """Keeps results by callId. It is busy at first for every fifth, so that those are delivered again."""

    def __init__(self) -> None:
        self.secret = ""
        self.results: dict[str, dict[str, Any]] = {}
        self.deliveries: Counter[str] = Counter()
        self.changed = 0
        self.forged = 0
        self._lock = Lock()

    def take(self, secret: str, body: bytes) -> HTTPStatus:
        """What a delivery is answered."""
        if not hmac.compare_digest(secret.encode(), self.secret.encode()):
            self.forged += 1
            return HTTPStatus.UNAUTHORIZED
        told = json.loads(body)
        call = str(told["callId"])
        with self._lock:
            self.deliveries[call] += 1
            known = self.results.setdefault(call, told)
            self.changed += known != told
            is_busy = self.deliveries[call] == 1 and len(self.results) % _REFUSES_EVERY == 0
        return HTTPStatus.SERVICE_UNAVAILABLE if is_busy else HTTPStatus.NO_CONTENT

    @property
    def repeats(self) -> int:
        """How many deliveries told nothing new."""
        return self.deliveries.total() - len(self.results)


@contextmanager
def listening(listener: ResultListener) -> Iterator[str]:
    """The URL at which it listens, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(listener.take(self.headers.get("x-api-key", ""), body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    port = free_port()
    with ThreadingHTTPServer((LOOPBACK, port), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{port}/"
        finally:
            server.shutdown()
            thread.join()
