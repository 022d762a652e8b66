"""A name server on the loopback that knows the mail hosts of a zone file, and says NXDOMAIN to all else.

A line of the zone file is `domain mail-host`, `domain SERVFAIL` (the look-up fails) or, as in RFC 7505,
`domain .` (the domain takes no mail). `#` starts a comment.
"""

import argparse
import signal
import socketserver
import sys
from collections.abc import Mapping
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from tools.local.ports import LOOPBACK

Zone = Mapping[dns.name.Name, str]
_FAILS = "SERVFAIL"
_TTL = 60


def read_zone(text: str) -> Zone:
    """The mail host of each domain."""
    lines = (line.split("#", 1)[0].split() for line in text.splitlines())
    return {dns.name.from_text(words[0]): words[1] for words in lines if words}


def answer(zone: Zone, wire: bytes) -> bytes | None:
    """The reply to one query; None for what is no query."""
    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return None
    if query.flags & dns.flags.QR or len(query.question) != 1:
        return None
    question = query.question[0]
    reply = dns.message.make_response(query, recursion_available=True)
    host = zone.get(question.name)
    if host is None:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif host == _FAILS:
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif question.rdtype == dns.rdatatype.MX:
        preference = 0 if host == "." else 10
        record = f"{preference} {dns.name.from_text(host)}"
        reply.answer.append(dns.rrset.from_text(question.name, _TTL, "IN", "MX", record))
    return reply.to_wire()


class _Handler(socketserver.BaseRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        wire, connection = self.request
        reply = answer(self.server.zone, wire)
        if reply is not None:
            connection.sendto(reply, self.client_address)


class _Server(socketserver.UDPServer):
    def __init__(self, port: int, zone: Zone, host: str) -> None:
        self.zone = zone
        super().__init__((host, port), _Handler)


def main() -> None:
    """Run the name server from the command line, until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--zone", type=Path, required=True)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    zone = read_zone(options.zone.read_text())
    with _Server(options.port, zone, options.host) as server:
        print(f"DNS server on {options.host}:{options.port}, {len(zone)} domains", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
