"""SES on the loopback, misbehaving to order; it remembers every request and which mails it took."""

import base64
import contextlib
import json
import socket
from dataclasses import dataclass
from http.client import responses
from typing import Any

from tests.scripted_server import LoopbackServer

MESSAGE_ID = "0102018f-example-000000"


@dataclass(frozen=True)
class Reply:
    """What the server does with a request it has read, whether or not it takes the mail."""

    status: int | None = 200
    body: bytes = json.dumps({"MessageId": MESSAGE_ID}).encode()
    code: str | None = None
    takes: bool = False
    promised: int | None = None  # length that the header names, if not the true one


TAKEN = Reply(takes=True)
DROPPED = Reply(status=None, takes=True)  # hangs up without a word after it has read the request
STALLED = Reply(status=0, takes=True)  # says nothing after it has read the request
CUT_SHORT = Reply(takes=True, promised=5000)  # hangs up in the middle of its answer
UNREAD = Reply(status=-1)  # hangs up before it has read the request


def refusal(status: int, code: str, message: str = "no") -> Reply:
    """An error as SES words it."""
    return Reply(status, json.dumps({"message": message}).encode(), code)


class ScriptedSes(LoopbackServer):
    """Answers requests as its script says, the last answer for ever."""

    def __init__(self, *script: Reply) -> None:
        super().__init__()
        self._script = list(script) or [TAKEN]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[dict[str, Any]] = []
        self.begun = 0
        self.taken: list[bytes] = []

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            while self._answered(connection, lines):
                pass

    def _answered(self, connection: socket.socket, lines: Any) -> bool:
        """Whether the connection goes on after one more request."""
        if not lines.readline():
            return False
        self.begun += 1
        reply = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if reply.status == UNREAD.status:
            return False
        headers = dict(line.lower().split(b": ", 1) for line in iter(lambda: lines.readline().strip(), b""))
        request = json.loads(lines.read(int(headers[b"content-length"])))
        self.requests.append(request)
        if reply.takes:
            self.taken.append(base64.b64decode(request["Content"]["Raw"]["Data"]))
        if reply.status == STALLED.status:
            self._over.wait(30)
        if not reply.status:
            return False
        error = f"x-amzn-ErrorType: {reply.code}\r\n" if reply.code else ""
        length = len(reply.body) if reply.promised is None else reply.promised
        head = f"HTTP/1.1 {reply.status} {responses[reply.status]}\r\ncontent-length: {length}\r\n"
        connection.sendall(f"{head}content-type: application/json\r\n{error}\r\n".encode() + reply.body)
        return reply.promised is None
