"""Which domains take mail, asked of the DNS."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import dns.exception
import dns.rdatatype
import dns.resolver

# A page of contacts names at most 256 domains: with name servers that are silent it takes six seconds.
_THREADS = 64
_SECONDS_PER_DOMAIN = 1.5


@dataclass
class DnsMailDomains:
    """Asks `server` ("host:port"), or the system's resolvers if empty. Answers are remembered for the object's life."""

    server: str = ""
    _dead: dict[str, bool] = field(default_factory=dict)

    def without_mx(self, domains: Iterable[str]) -> set[str]:
        """Those that certainly take no mail: no such name, no MX record, or a null MX (RFC 7505).

        A name server that fails or is silent proves nothing: such a domain is not returned, and asked again.
        """
        asked = set(domains)
        unknown = sorted(asked - self._dead.keys())
        if unknown:
            with ThreadPoolExecutor(min(_THREADS, len(unknown))) as pool:
                for domain, dead in zip(unknown, pool.map(self._has_no_mx, unknown), strict=True):
                    if dead is not None:
                        self._dead[domain] = dead
        return {domain for domain in asked if self._dead.get(domain)}

    def _has_no_mx(self, domain: str) -> bool | None:
        try:
            answer = self._resolver.resolve(domain, dns.rdatatype.MX)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return True
        except dns.exception.DNSException:
            return None
        return all(str(record.exchange) == "." for record in answer)

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self.server)
        resolver.lifetime = _SECONDS_PER_DOMAIN
        if self.server:
            host, _, port = self.server.rpartition(":")
            resolver.nameservers = [host]
            resolver.port = int(port)
        return resolver
