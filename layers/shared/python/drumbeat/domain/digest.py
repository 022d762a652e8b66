"""Fingerprints of texts."""

import hashlib


def digest(text: str) -> str:
    """The SHA-256 of a text in hexadecimal; any text has one, lone surrogates included."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
