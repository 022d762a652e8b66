"""A web server on the loopback that misbehaves to order, and remembers what it was asked."""

import contextlib
import http.client
import io
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message

from tests.scripted_server import LoopbackServer

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
DRIP = b""
"""As an answer: bytes that never end, one at a time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    line: str
    headers: Message
    body: bytes


class ScriptedWebServer(LoopbackServer):
    """Gives its answers one after another, the last for ever; `asked` holds what it took.

    `meanwhile` happens after a request was read, before it is answered.
    """

    def __init__(self, answers: Sequence[bytes] = (GOOD,), *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self._answers = list(answers)
        self._tls = tls
        self.asked: list[Asked] = []
        self.meanwhile: Callable[[Asked], None] = lambda _: None

    def url(self, path: str = "/hook") -> str:
        """Where it listens."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}{path}"

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException), connection:
            stream = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with stream, stream.makefile("rb") as said:
                self.asked.append(_read(said))
                self.meanwhile(self.asked[-1])
                answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
                self._drip(stream.sendall) if answer == DRIP else stream.sendall(answer)

    def _drip(self, send: Callable[[bytes], None]) -> None:
        send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self._over.wait(0.02):
            send(b".")


def _read(said: io.BufferedIOBase) -> Asked:
    line = said.readline().decode(errors="replace").strip()
    headers = http.client.parse_headers(said)
    return Asked(line, headers, said.read(int(headers.get("Content-Length", 0))))
