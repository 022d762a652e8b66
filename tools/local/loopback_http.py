"""An HTTP server that takes posts, for as long as a block lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tools.local.ports import LOOPBACK, free_port

type Take = Callable[[Message, bytes], HTTPStatus]
"""What a post with these headers and this body is answered."""


@contextmanager
def taking_posts(take: Take, host: str = LOOPBACK) -> Iterator[str]:
    """The URL that takes them."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(take(self.headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    port = free_port(host)
    with ThreadingHTTPServer((host, port), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{port}/"
        finally:
            server.shutdown()
            thread.join()
