"""Sealing: payloads as text, unreadable and unforgeable from outside (reliability S-33).

A token is version, key id, a 128-bit keyed digest of purpose and payload, and the payload masked with a stream made
from that digest (the SIV construction). Equal payloads give equal tokens, so nothing random is needed.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_VERSION = 1
_HEAD = 2
_DIGEST = 16
_MOST_PAYLOAD = 4096


class Purpose(StrEnum):
    """What a token is good for, and for nothing else. The values are part of every token out there."""

    OPEN = "open"
    CLICK = "click"
    UNSUBSCRIBE = "unsubscribe"
    MESSAGE = "message"
    FEEDBACK = "feedback"
    RETURN_PATH = "return path"
    HOOK = "hook"
    CONNECTOR = "connector"


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """The keys tokens are read with; `current` makes new ones."""

    current: int
    secrets: Mapping[int, bytes]


def token_keys(secret_text: str) -> TokenKeys:
    """Keys from the secret's text, one a line: the first is current, the others still open older tokens."""
    lines = [line.encode() for line in secret_text.split() if line]
    if not lines:
        raise ValueError("the token secret is empty")
    by_id = {_key_id(line): line for line in reversed(lines)}
    return TokenKeys(_key_id(lines[0]), by_id)


def seal(keys: TokenKeys, purpose: Purpose, payload: bytes) -> str:
    """The payload as a token, in signs that need no escape in a URL. Raises ValueError for more than 4,096 bytes."""
    if len(payload) > _MOST_PAYLOAD:
        raise ValueError("the payload is too long")
    head = bytes([_VERSION, keys.current])
    secret = keys.secrets[keys.current]
    digest = _digest(secret, purpose, head, payload)
    return _spell(head + digest + _masked(secret, purpose, digest, payload))


def unseal(keys: TokenKeys, purpose: Purpose, token: str) -> bytes | None:
    """The payload of a token that was sealed for this purpose with one of these keys; None for anything else."""
    raw = _read(token)
    if raw is None or not _HEAD + _DIGEST <= len(raw) <= _HEAD + _DIGEST + _MOST_PAYLOAD or raw[0] != _VERSION:
        return None
    secret = keys.secrets.get(raw[1])
    if secret is None:
        return None
    head, digest, masked = raw[:_HEAD], raw[_HEAD : _HEAD + _DIGEST], raw[_HEAD + _DIGEST :]
    payload = _masked(secret, purpose, digest, masked)
    return payload if hmac.compare_digest(_digest(secret, purpose, head, payload), digest) else None


def _digest(secret: bytes, purpose: Purpose, head: bytes, payload: bytes) -> bytes:
    return _keyed(_subkey(secret, "digest", purpose), head + payload)[:_DIGEST]


def _masked(secret: bytes, purpose: Purpose, digest: bytes, payload: bytes) -> bytes:
    """The payload under its mask, or from under it: the mask's first block is the digest's, the others are numbered."""
    key = _subkey(secret, "mask", purpose)
    stream = _keyed(key, digest)
    for block in range(1, -(-len(payload) // len(stream))):
        stream += _keyed(key, digest + block.to_bytes(2))
    return bytes(byte ^ mask for byte, mask in zip(payload, stream, strict=False))


def _subkey(secret: bytes, use: str, purpose: Purpose) -> bytes:
    return _keyed(secret, f"drumbeat token {use} {purpose.value}".encode())


def _keyed(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _key_id(secret: bytes) -> int:
    return hashlib.sha256(b"drumbeat token key id" + secret).digest()[0]


def _spell(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(token: str) -> bytes | None:
    """The bytes of a token in its one spelling: base64 has several for the same bytes."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, binascii.Error):
        return None
    return raw if _spell(raw) == token else None
