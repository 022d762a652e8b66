"""E-mail addresses: which ones we accept, and when two are the same mailbox to us."""

import re

from drumbeat.domain.idna import ascii_name

MAX_LENGTH = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def normalized(address: str) -> str | None:
    """`address` with an ASCII, lower-case domain (IDNA), or None if it is not one address we can mail.

    Takes RFC 5321 dot-strings with an ASCII local part of at most 64 characters; refuses quoted local parts,
    address literals and single-label domains, which real contact lists hold only by mistake.
    """
    local, at, domain = address.strip(" ").rpartition("@")
    if not at or len(local) > 64 or len(address) > MAX_LENGTH or not _LOCAL.fullmatch(local):
        return None
    ascii_domain = _ascii(domain)
    if ascii_domain is None or len(local) + 1 + len(ascii_domain) > MAX_LENGTH:
        return None
    return f"{local}@{ascii_domain}"


def same_mailbox_key(normal: str) -> str:
    """The text under which a normalized address is unique in a tenant: case is not told apart."""
    return normal.lower()


def domain_of(normal: str) -> str:
    """The domain of a normalized address."""
    return normal.rpartition("@")[2]


def _ascii(domain: str) -> str | None:
    spelled = ascii_name(domain)
    if spelled is None:
        return None
    labels = spelled.split(".")
    if len(labels) < 2 or len(spelled) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return None if labels[-1].isdigit() else spelled
