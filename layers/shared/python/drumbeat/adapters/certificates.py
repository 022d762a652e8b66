"""Whose a certificate is: its chain is built up to the system's trust store and checked, as a browser would."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from drumbeat.domain.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cryptography.x509 import Certificate

type Fetch = Callable[[str], bytes]

_PUBLISHED = re.compile(r"http://crt\.[a-z0-9]{1,20}\.amazontrust\.com/[a-z0-9]{1,20}\.cer")
"""Where Amazon's authorities publish their own certificates. Nothing that a certificate names beside is fetched."""
_LONGEST_CHAIN = 3


class NotTrusted(ValueError):
    """The certificate is not of that name, not valid then, or nobody whom we trust stands behind it."""


@cache
def system_roots() -> Store:
    """What TLS trusts here."""
    raw = ssl.create_default_context().get_ca_certs(binary_form=True)
    return Store([x509.load_der_x509_certificate(root) for root in raw])


def trusted(
    pem: bytes, names: Sequence[str], now: int, *, fetch: Fetch, roots: Callable[[], Store] = system_roots
) -> Certificate:
    """The first certificate of a PEM, checked to be a server's of one of these names, valid at `now` (UTC ms).

    Those behind it may complete the chain; so may the issuers' own, where Amazon publishes them (`fetch`, which raises
    what it likes). Raises NotTrusted.
    """
    try:
        leaf, *others = x509.load_pem_x509_certificates(pem)
    except ValueError as trouble:
        raise NotTrusted("no certificate") from trouble
    policy = PolicyBuilder().store(roots()).time(datetime.fromtimestamp(now // SECOND, UTC))
    if _is_good(policy, leaf, others, names):
        return leaf
    if not others and _is_good(policy, leaf, _issuers(leaf, fetch), names):
        return leaf
    raise NotTrusted(f"not a trusted certificate of {' or '.join(names)}")


def _is_good(policy: PolicyBuilder, leaf: Certificate, others: list[Certificate], names: Iterable[str]) -> bool:
    for name in names:
        try:
            policy.build_server_verifier(x509.DNSName(name)).verify(leaf, others)
        except VerificationError:
            continue
        return True
    return False


def _issuers(leaf: Certificate, fetch: Fetch) -> list[Certificate]:
    """The chain of issuers as far as they are published; whether they are to be trusted is for the check to say."""
    chain: list[Certificate] = []
    last = leaf
    while len(chain) < _LONGEST_CHAIN and (url := _published_at(last)) is not None:
        try:
            last = x509.load_der_x509_certificate(fetch(url))
        except ValueError:
            break
        chain.append(last)
    return chain


def _published_at(certificate: Certificate) -> str | None:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return None
    places = (
        entry.access_location for entry in access if entry.access_method == AuthorityInformationAccessOID.CA_ISSUERS
    )
    urls = (place.value for place in places if isinstance(place, x509.UniformResourceIdentifier))
    return next((url for url in urls if _PUBLISHED.fullmatch(url)), None)
