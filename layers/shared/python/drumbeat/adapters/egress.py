"""The one way out to servers that tenants name: every address a name resolves to must be public (reliability S-30)."""

import socket
import time
from concurrent.futures import Future
from ipaddress import ip_address, ip_network
from threading import Thread
from typing import Any

MAIL_PORTS = frozenset({25, 465, 587, 2525})
MAILBOX_PORTS = frozenset({143, 993})
_HTTPS_PORT, _HTTP_PORT = 443, 80
_FIRST_FREE_PORT = 1024
_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "192.88.99.0/24",
        "100.64.0.0/10",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4: leads to any IPv4 address
    )
)
_IPV6_UNICAST = ip_network("2000::/3")
"""All of IPv6 that is handed out. NAT64, IPv4 in IPv6, site-local and cloud metadata addresses lie outside."""

type _Found = list[tuple[Any, ...]]


class ForbiddenAddress(OSError):
    """A server that must not be talked to."""


def connect_mail(host: str, port: int, timeout: float, *, private_allowed: bool) -> socket.socket:
    """A connection to a mail server within `timeout` seconds.

    The name is resolved once, and the connection goes to an address that was checked. Raises OSError, ForbiddenAddress
    among them for a port that is none of mail's or a name with any address inside somebody's network.
    """
    if not private_allowed and port not in MAIL_PORTS:
        raise ForbiddenAddress(f"port {port} is not a mail port")
    return _connect(host, port, timeout, private_allowed=private_allowed)


def connect_mailbox(host: str, port: int, timeout: float, *, private_allowed: bool) -> socket.socket:
    """A connection to a server that keeps mailboxes, as `connect_mail` makes them; other ports than its are refused."""
    if not private_allowed and port not in MAILBOX_PORTS:
        raise ForbiddenAddress(f"port {port} is not a mailbox server's")
    return _connect(host, port, timeout, private_allowed=private_allowed)


def connect_web(
    host: str, port: int, timeout: float, *, private_allowed: bool, plain_allowed: bool = False
) -> socket.socket:
    """A connection to a web server, as `connect_mail` makes them; other services' well-known ports are refused.

    `plain_allowed` lets the port of plain HTTP pass.
    """
    usual = {_HTTPS_PORT, _HTTP_PORT} if plain_allowed else {_HTTPS_PORT}
    if not private_allowed and port not in usual and port < _FIRST_FREE_PORT:
        raise ForbiddenAddress(f"port {port} is not a web server's")
    return _connect(host, port, timeout, private_allowed=private_allowed)


def is_public(address: str) -> bool:
    """Whether an IP address is plain global unicast."""
    ip = ip_address(address.partition("%")[0])
    if ip.version == 6 and ip not in _IPV6_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_PUBLIC)


def _connect(host: str, port: int, timeout: float, *, private_allowed: bool) -> socket.socket:
    give_up_at = time.monotonic() + timeout
    found = _looked_up(host, port, timeout)
    if not private_allowed and not all(is_public(str(address[0])) for *_, address in found):
        raise ForbiddenAddress("the name leads to an address that is not public")
    trouble = OSError("the name has no address")
    for family, kind, protocol, _, address in found:
        candidate = socket.socket(family, kind, protocol)
        candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        candidate.settimeout(max(give_up_at - time.monotonic(), 0.01))
        try:
            candidate.connect(address)
        except OSError as error:
            candidate.close()
            trouble = error
        else:
            return candidate
    raise trouble


def _looked_up(host: str, port: int, timeout: float) -> _Found:
    """The name's addresses. The system's resolver knows no time limit: one that is late is left to itself."""
    answer: Future[_Found] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as trouble:
            answer.set_exception(trouble)

    Thread(target=ask, daemon=True).start()
    try:
        return answer.result(timeout)
    except TimeoutError as trouble:
        raise TimeoutError("the name server is too slow") from trouble
