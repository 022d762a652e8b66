"""The one way out to servers that tenants name: every address a name resolves to must be public (reliability S-30)."""

import socket
import time
from ipaddress import ip_address, ip_network

MAIL_PORTS = frozenset({25, 465, 587, 2525})
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


class ForbiddenAddress(OSError):
    """A server that must not be talked to."""


def connect_mail(host: str, port: int, timeout: float, *, private_allowed: bool) -> socket.socket:
    """A connection to a mail server within `timeout` seconds.

    The name is resolved once, and the connection goes to an address that was checked. Raises OSError, ForbiddenAddress
    among them for a port that is none of mail's or a name with any address inside somebody's network.
    """
    if not private_allowed and port not in MAIL_PORTS:
        raise ForbiddenAddress(f"port {port} is not a mail port")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not private_allowed and not all(is_public(str(address[0])) for *_, address in found):
        raise ForbiddenAddress("the name leads to an address that is not public")
    give_up_at = time.monotonic() + timeout
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


def is_public(address: str) -> bool:
    """Whether an IP address is plain global unicast."""
    ip = ip_address(address.partition("%")[0])
    if ip.version == 6 and ip not in _IPV6_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_PUBLIC)
