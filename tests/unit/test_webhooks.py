"""Whatever a tenant's server does, the verdict says what is known, within seconds; no post leads inside."""

import socket
import ssl
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from drumbeat.adapters.webhooks import Webhooks
from drumbeat.domain.webhook import Answered, Posted, Unreached
from tests.scripted_web import DRIP, GOOD, ScriptedWebServer

BODY = '{"name":"Zoë"}'.encode()
REDIRECT = b"HTTP/1.1 %d Go\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"


def posted(server: ScriptedWebServer, **options: Any) -> Posted:
    wanted: dict[str, Any] = {"private_allowed": True, "seconds": 2}
    return Webhooks(**(wanted | options)).post(server.url(), BODY, {"X-Id": "7"})


def test_the_body_arrives_as_it_is_with_the_headers_it_was_given():
    with ScriptedWebServer() as server:
        verdict = posted(server)

    assert verdict == Answered(200, "ok")
    (asked,) = server.asked
    assert asked.line == "POST /hook HTTP/1.1"
    assert asked.body == BODY
    assert asked.headers["X-Id"] == "7"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Host"] == f"localhost:{server.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(status):
    with ScriptedWebServer() as elsewhere, ScriptedWebServer([REDIRECT % (status, elsewhere.url().encode())]) as server:
        verdict = posted(server)

    assert verdict == Answered(status)
    assert not verdict.is_taken
    assert elsewhere.connections == 0


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 Oops\r\nContent-Length: 60\r\n\r\n<b>ann@corp.example\r\nis not known</b>",
        b"HTTP/1.0 500 Oops\r\n\r\n<b>ann@corp.example is\tnot known</b>",
        b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n<b>ann@corp.example</b>\r\n0\r\n\r\n",
    ],
)
def test_the_status_counts_whatever_becomes_of_the_body(answer):
    with ScriptedWebServer([answer]) as server:
        verdict = posted(server)

    assert isinstance(verdict, Answered)
    assert verdict.status == 500
    assert "ann@corp.example" not in verdict.said


def test_little_of_a_large_body_is_read_and_kept():
    with ScriptedWebServer([b"HTTP/1.1 400 No\r\n\r\n" + b"x" * 10_000_000]) as server:
        verdict = posted(server)

    assert verdict == Answered(400, "x" * 160)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 2", b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_answer_is_none(answer):
    with ScriptedWebServer([answer]) as server:
        verdict = posted(server)

    assert isinstance(verdict, Unreached)
    assert verdict.reason.startswith("no answer: ")
    assert verdict.perhaps_taken


@pytest.mark.parametrize("answer", [DRIP, b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000])
def test_all_of_it_ends_in_time_however_busy_the_server_is(answer):
    with ScriptedWebServer([answer]) as server:
        began = time.monotonic()
        verdict = posted(server, seconds=0.3)

    assert isinstance(verdict, Unreached)
    assert time.monotonic() - began < 2


def test_a_server_that_dawdles_is_said_to():
    with ScriptedWebServer([DRIP]) as server:
        assert posted(server, seconds=0.3) == Unreached("no answer within 0.3 seconds", perhaps_taken=True)


def test_a_name_server_that_dawdles_does_too(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1) or [])
    with ScriptedWebServer() as server:
        assert posted(server, seconds=0.1) == Unreached("no answer within 0.1 seconds")


def test_nobody_listening_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    verdict = Webhooks(private_allowed=True).post(f"http://127.0.0.1:{port}/", BODY, {})

    assert isinstance(verdict, Unreached)
    assert "refused" in verdict.reason
    assert not verdict.perhaps_taken


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "10.1.2.3", "192.168.0.1",
        "0.0.0.0",  # noqa: S104
        "169.254.169.254", "100.64.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::1]", "[fd00:ec2::254]", "[fe80::1]",
    ],
)  # fmt: skip
def test_in_production_no_address_inside_is_even_called(host):
    with ScriptedWebServer() as server:
        verdict = Webhooks(private_allowed=False).post(f"https://{host}:{server.port}/", BODY, {})

    assert isinstance(verdict, Unreached)
    assert "not public" in verdict.reason or "known" in verdict.reason or "No address" in verdict.reason
    assert server.connections == 0


def test_one_address_inside_among_others_is_enough(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    verdict = Webhooks(private_allowed=False).post("https://app.example/", BODY, {})

    assert verdict == Unreached("no answer: the name leads to an address that is not public")


@pytest.mark.parametrize(
    "url", ["http://app.example/", "https://u:p@app.example/", "file:///etc/passwd", "https://app.example/\r\nX: y"]
)
def test_in_production_such_a_url_is_not_even_looked_up(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", None)

    assert isinstance(Webhooks(private_allowed=False).post(url, BODY, {}), Unreached)


def to(port: int, _host: str, _port: int, timeout: float) -> socket.socket:
    """A connection to a server of the test's, whatever was asked for."""
    return socket.create_connection(("127.0.0.1", port), timeout)


def secure(server: ScriptedWebServer, certificate: Path | None) -> Webhooks:
    """As in production, but for where the server is and whom we trust."""

    def tls() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=None if certificate is None else str(certificate))

    return Webhooks(private_allowed=False, seconds=2, tls=tls, connect=partial(to, server.port))


def test_tls_is_verified_against_the_name_while_the_connection_goes_to_the_checked_address(server_tls, certificate):
    with ScriptedWebServer([GOOD], tls=server_tls) as server:
        verdict = secure(server, certificate).post("https://localhost/hook", BODY, {})

    assert verdict == Answered(200, "ok")
    assert server.asked[0].headers["Host"] == "localhost"


@pytest.mark.parametrize(("host", "trusting"), [("localhost", False), ("app.example", True), ("127.0.0.1", True)])
def test_a_certificate_that_does_not_hold_ends_it(server_tls, certificate, host, trusting):
    with ScriptedWebServer([GOOD], tls=server_tls) as server:
        verdict = secure(server, certificate if trusting else None).post(f"https://{host}/hook", BODY, {})

    assert isinstance(verdict, Unreached)
    assert "CERTIFICATE" in verdict.reason.upper()
    assert not verdict.perhaps_taken
    assert server.asked == []


def test_a_server_without_tls_gets_nothing(certificate):
    with ScriptedWebServer() as server:
        verdict = secure(server, certificate).post("https://localhost/hook", BODY, {})

    assert isinstance(verdict, Unreached)
    assert all(asked.body == b"" for asked in server.asked)
