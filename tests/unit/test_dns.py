"""Which domains take mail: only a name server's own word counts, its silence or failure does not."""

import socket
import threading

import pytest

from drumbeat.adapters.dns import DnsMailDomains
from tools.local.dns_server import answer, read_zone

ZONE = read_zone("good.example mail.good.example\nnull.example .\nbroken.example SERVFAIL\n")


class _NameServer:
    """Answers from the zone, or says nothing; counts what it is asked."""

    def __init__(self, *, silent: bool = False) -> None:
        self.asked: list[bytes] = []
        self._silent = silent
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "_NameServer":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                wire, client = self._socket.recvfrom(4096)
                self.asked.append(wire)
                reply = None if self._silent else answer(ZONE, wire)
                if reply is not None:
                    self._socket.sendto(reply, client)
            except OSError:
                return


@pytest.mark.parametrize(
    ("domain", "is_dead"),
    [("good.example", False), ("null.example", True), ("unknown.example", True), ("broken.example", False)],
)
def test_a_domain_is_dead_only_if_a_name_server_says_so(domain, is_dead):
    with _NameServer() as server:
        dead = DnsMailDomains(server.address).without_mx([domain])

    assert dead == ({domain} if is_dead else set())


def test_a_silent_name_server_proves_nothing(monkeypatch):
    monkeypatch.setattr("drumbeat.adapters.dns._SECONDS_PER_DOMAIN", 0.2)
    with _NameServer(silent=True) as server:
        assert DnsMailDomains(server.address).without_mx(["good.example"]) == set()


def test_a_domain_is_asked_for_once_however_many_contacts_it_has():
    with _NameServer() as server:
        domains = DnsMailDomains(server.address)
        for _ in range(3):
            assert domains.without_mx(["good.example", "unknown.example"] * 50) == {"unknown.example"}

    assert len(server.asked) == 2
