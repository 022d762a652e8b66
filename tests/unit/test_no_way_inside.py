"""No URL, name or redirect that a tenant can think of makes us open a socket inside (reliability S-30)."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from drumbeat.adapters.egress import connect_mail
from drumbeat.adapters.webhooks import Webhooks
from drumbeat.domain.webhook import Answered, Unreached
from tests.scripted_web import ScriptedWebServer

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "127.0.0.1": ["127.0.0.1"],  # as a resolver may take `127.0.0.1.`
    "169.254.169.254": ["169.254.169.254"],
    "metadata.google.internal": ["169.254.169.254"],
    "instance-data": ["169.254.169.254"],
    "inside.example": ["10.0.0.7"],
    "half-inside.example": ["8.8.8.8", "192.168.0.1"],
    "xn--nside-3ya.example": ["172.16.0.9"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "six.example": ["2002:7f00:1::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "good.example": ["8.8.8.8"],
}
URLS = [
    # This machine and its network, plainly.
    "https://127.0.0.1/", "https://127.1.2.3/", "https://localhost/", "https://LOCALHOST/", "https://0.0.0.0/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/", "https://169.254.170.2/v2/credentials", "https://127.0.0.1:9001/",
    "https://100.64.0.1/", "https://192.88.99.1/", "https://198.18.0.1/", "https://224.0.0.1/", "https://240.0.0.1/",
    "https://255.255.255.255/", "https://192.0.2.1/",
    # Decimal, octal, hexadecimal, short.
    "https://2130706433/", "https://2852039166/", "https://017700000001/", "https://0177.0.0.1/", "https://0177.1/",
    "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0x7f.1/", "https://0xa9fea9fe/", "https://127.1/",
    "https://127.0.1/", "https://0/", "https://00000177.0.0.1/", "https://0xa9.254.0251.254/", "https://10.1/",
    # IPv6, and IPv4 within it.
    "https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:169.254.169.254]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[64:ff9b::127.0.0.1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::1]/", "https://[2002:a9fe:a9fe::1]/", "https://[2001:0:4136:e378::1]/",
    "https://[2001::1]/", "https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/", "https://[fec0::1]/", "https://[ff02::1]/", "https://[100::1]/", "https://[2001:db8::1]/",
    # Names that lead inside.
    "https://metadata.google.internal/", "https://instance-data/", "https://inside.example/",
    "https://half-inside.example/", "https://xn--nside-3ya.example/", "https://127.0.0.1.nip.example/",
    "https://nat64.example/", "https://six.example/", "https://mapped.example/", "https://127.0.0.1./",
    "https://localhost./", "https://169.254.169.254./",
    # Tricks of spelling.
    "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://127\uff0e0\uff0e0\uff0e1/", "https://\uff4cocalhost/",
    "https://good.example@127.0.0.1/", "https://good.example:443@127.0.0.1/", "https://127.0.0.1@good.example/",
    "https://good.example#@127.0.0.1/@", "https://127.0.0.1#@good.example/", "https://127.0.0.1\\@good.example/",
    "https://good.example\\.127.0.0.1/", "https://127.0.0.1\t/", "https://127.0.0.1 /", "https:// 127.0.0.1/",
    "https://\t127.0.0.1/", "https://127.0.0.1\n/", "https://127.0.0.1%00.good.example/", "https://127.0.0.1%2f@good.example/",
    "https:127.0.0.1/", "https:/127.0.0.1/", "https:///127.0.0.1/", "//127.0.0.1/", "http://127.0.0.1/",
    "http://good.example/", "file:///proc/self/environ", "gopher://127.0.0.1:25/_HELO", "dict://127.0.0.1:11211/",
    "ftp://127.0.0.1/", "jar:https://127.0.0.1!/", "https://127.0.0.1:80/", "https://127.0.0.1:22/", "https://",
    # Other services of a public host.
    "https://good.example:22/", "https://good.example:25/", "https://good.example:80/", "https://good.example:0/",
    "https://good.example:99999/", "https://good.example:-1/",
]  # fmt: skip
PASSES = {"https://good.example#@127.0.0.1/@"}
"""What a URL's grammar says leads outside: the rest is a fragment, which nobody is sent."""


def resolved(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
    """The system's way with numbers; of names what the table says. No question leaves this machine."""
    found = NAMES.get(host.rstrip(".").lower())
    if found is None:
        flags = socket.AI_NUMERICHOST
        return _numeric(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [entry for address in found for entry in _numeric(address, port, type=socket.SOCK_STREAM)]


_numeric = socket.getaddrinfo


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses to which a socket was to be connected; none is."""
    found: list[str] = []

    def connect(_: socket.socket, address: Any) -> None:
        found.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket.socket, "connect", connect)
    yield found
    assert not [address for address in found if not ip_address(address).is_global]


def test_the_table_is_long_enough():
    assert len(set(URLS)) == len(URLS) >= 60


@pytest.mark.parametrize("url", URLS)
def test_no_socket_is_opened_for_a_url_that_leads_inside(dialled, url):
    posted = Webhooks(private_allowed=False, seconds=2).post(url, b"{}", {})

    assert isinstance(posted, Unreached)
    assert not posted.perhaps_taken
    assert dialled == (["8.8.8.8"] if url in PASSES else [])


@pytest.mark.parametrize("host", [*NAMES, "2130706433", "0x7f.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_nor_for_a_mail_server(dialled, host):
    with pytest.raises(OSError, match=r"\w|^$"):
        connect_mail(host, 587, 1, private_allowed=False)

    assert dialled == (["8.8.8.8"] if host == "good.example" else [])


def test_a_name_that_leads_outside_first_and_inside_then_is_looked_up_once(dialled, monkeypatch):
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["169.254.169.254"]])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _, port, **__: _numeric(next(answers)[0], port, type=socket.SOCK_STREAM)
    )

    Webhooks(private_allowed=False, seconds=2).post("https://rebinding.example/", b"{}", {})
    assert dialled == ["8.8.8.8"]
    assert next(answers) == ["127.0.0.1"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_the_metadata_service_is_an_answer_and_no_way(monkeypatch, status):
    there = (
        b"HTTP/1.1 %d Go\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n" % status
    )
    found: list[Any] = []
    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", lambda self, to: found.append(to[0]) or connect(self, to))
    with ScriptedWebServer([there]) as server:
        posted = Webhooks(private_allowed=True, seconds=2).post(server.url(), b"{}", {})

    assert posted == Answered(status)
    assert set(found) <= {"127.0.0.1", "::1"}


def test_no_proxy_of_the_environment_is_asked(dialled, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")

    Webhooks(private_allowed=False, seconds=2).post("https://good.example/", b"{}", {})
    assert dialled == ["8.8.8.8"]
