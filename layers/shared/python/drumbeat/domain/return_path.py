"""The address that a mail's bounces go to, with a token that says which mail it was (reliability F-86)."""

import re

_LONGEST_LOCAL_PART = 64
"""Signs before the @ (RFC 5321, 4.5.3.1.1)."""
_TAGGED = re.compile(r"\+b-([A-Za-z0-9_-]{1,80})@")


def tagged(address: str, token: str) -> str:
    """The address with the token in it, or as it is where that would be too long: then bounces name the mail only."""
    local, _, domain = address.rpartition("@")
    longer = f"{local}+b-{token}"
    return f"{longer}@{domain}" if len(longer) <= _LONGEST_LOCAL_PART else address


def token_of(address: str) -> str | None:
    """What an address may have been tagged with, unchecked; None where there is nothing of the kind."""
    found = _TAGGED.search(address)
    return None if found is None else found[1]
