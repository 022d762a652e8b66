"""HTTP to servers that others name: once, to a checked address, within seconds, and never on to somewhere else."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from threading import Timer
from typing import Self

from drumbeat.adapters.egress import connect_web
from drumbeat.domain.remark import fit_to_keep
from drumbeat.domain.webhook import Answered, Posted, Target, Unreached, read_url

type Connect = Callable[[str, int, float], socket.socket]

SECONDS = 5.0
"""How long a post may take in all, from looking the name up to the answer's last line."""
_MOST_READ = 1024
_TROUBLE = (OSError, http.client.HTTPException, ValueError)


class Unreachable(OSError):
    """There was no answer to a question; there may be one later."""


class Webhooks:
    """Posts JSON, and gets what a URL leads to.

    `private_allowed` (the local stack's) lets plain http and addresses inside a network pass; `plain_allowed` plain
    http, to public addresses.

    May be used from several threads.
    """

    def __init__(
        self,
        *,
        private_allowed: bool,
        plain_allowed: bool = False,
        seconds: float = SECONDS,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        connect: Connect | None = None,
    ) -> None:
        self._plain_allowed = private_allowed or plain_allowed
        self._seconds = seconds
        self._tls = tls
        self._connect = connect or partial(connect_web, private_allowed=private_allowed, plain_allowed=plain_allowed)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """What came of one POST; nothing is tried twice. Whatever the server does is in the verdict, not raised.

        `headers` say who we are and prove it; type and length of the body are added.
        """
        try:
            target = read_url(url, plain_allowed=self._plain_allowed)
        except ValueError as trouble:
            return Unreached(fit_to_keep(str(trouble)))
        limit = _TimeLimit(self._seconds)
        with limit, contextlib.closing(_Line(target, partial(self._dial, target, limit))) as line:
            try:
                line.connect()
            except _TROUBLE as trouble:
                return Unreached(limit.named(trouble))
            try:
                line.request("POST", target.path, body, {"Content-Type": "application/json", **headers})
                answer = line.getresponse()
                limit.check()  # a connection that ends amid the headers looks like their end
            except _TROUBLE as trouble:
                return Unreached(limit.named(trouble), perhaps_taken=True)
            return Answered(answer.status, _beginning(answer), answer.getheader("Retry-After"))

    def get(self, url: str, *, most: int) -> bytes:
        """The body of the answer to one GET.

        Raises Unreachable where there is no answer, and ValueError for another one than 200, for more than `most` bytes
        and for what is no URL.
        """
        target = read_url(url, plain_allowed=self._plain_allowed)
        limit = _TimeLimit(self._seconds)
        with limit, contextlib.closing(_Line(target, partial(self._dial, target, limit))) as line:
            try:
                line.request("GET", target.path)
                answer = line.getresponse()
                body = answer.read(most + 1)
                limit.check()
            except (OSError, http.client.HTTPException) as trouble:
                raise Unreachable(limit.named(trouble)) from trouble
        if answer.status != HTTPStatus.OK or len(body) > most:
            raise ValueError(f"the server answered {answer.status} with {len(body)} bytes")
        return body

    def _dial(self, target: Target, limit: _TimeLimit) -> socket.socket:
        connection = limit.hold(self._connect(target.host, target.port, limit.left()))
        if not target.encrypted:
            return connection
        try:
            return self._tls().wrap_socket(connection, server_hostname=target.host)
        except BaseException:
            connection.close()
            raise


class _Line(http.client.HTTPConnection):
    """The standard library's HTTP on a connection of ours: it knows no proxies and follows nothing."""

    def __init__(self, target: Target, dial: Callable[[], socket.socket]) -> None:
        self.default_port = target.usual_port
        super().__init__(target.host, target.port)
        self._dial = dial

    def connect(self) -> None:
        """Raises what dialling raises."""
        self.sock = self._dial()


class _TimeLimit:
    """Ends a connection when time is up: time-outs of sockets begin anew with every byte that a server drips."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends_at = time.monotonic() + seconds
        self._held = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def left(self) -> float:
        """Seconds left, none less than a moment."""
        return max(self._ends_at - time.monotonic(), 0.01)

    def check(self) -> None:
        """Raises TimeoutError once time is up."""
        if time.monotonic() >= self._ends_at:
            raise TimeoutError

    def named(self, trouble: Exception) -> str:
        """What to say about trouble on the way; all that comes once time is up comes of that."""
        if time.monotonic() >= self._ends_at:
            return f"no answer within {self._seconds:g} seconds"
        return fit_to_keep(f"no answer: {trouble or type(trouble).__name__}")

    def hold(self, connection: socket.socket) -> socket.socket:
        """The connection, which now ends by itself."""
        end = self._held.enter_context(connection.dup())  # stays good when TLS takes the connection over
        timer = Timer(self.left(), _shut, [end])
        timer.daemon = True
        self._held.callback(timer.cancel)
        timer.start()
        return connection


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)


def _beginning(answer: http.client.HTTPResponse) -> str:
    """The first words of an answer; that its status came is what counts."""
    try:
        return fit_to_keep(answer.read(_MOST_READ).decode(errors="replace"))
    except _TROUBLE:
        return ""
