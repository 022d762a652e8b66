"""The IMAP server of the local stack keeps what is delivered, for each user apart."""

import imaplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.local.imap_server import deliver
from tools.local.ports import LOOPBACK, free_port
from tools.local.processes import Process
from tools.local.services import accepts, start_module

MESSAGE = b"From: ada@customer.example\r\nSubject: Hi\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    process = Process("imap-server", Path(tmp_path_factory.mktemp("imap")))
    start_module(process, "--port", str(port))
    try:
        process.wait_until(lambda: accepts(port))
        yield port
    finally:
        process.stop()


def inbox(port: int, user: str) -> list[bytes]:
    with imaplib.IMAP4(LOOPBACK, port) as client:
        client.login(user, "whatever")
        client.select("INBOX", readonly=True)
        _, (numbers,) = client.uid("SEARCH", "ALL")
        return [client.uid("FETCH", number, "(BODY.PEEK[])")[1][0][1] for number in numbers.decode().split()]


def test_what_is_delivered_is_in_the_inbox_of_its_user_byte_for_byte(port: int) -> None:
    deliver(port, "maya", MESSAGE)

    assert inbox(port, "maya") == [MESSAGE]
    assert inbox(port, "jonas") == []


def test_an_inbox_stays_as_long_as_the_server_runs(port: int) -> None:
    deliver(port, "zoe", MESSAGE)
    deliver(port, "zoe", MESSAGE.replace(b"Hi", b"Ho"))

    assert [b"Subject: Ho" in raw for raw in inbox(port, "zoe")] == [False, True]
