"""Sealed tokens: what our links say, unreadable and unforgeable from outside (reliability S-33).

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
from typing import NamedTuple

from drumbeat.domain.ids import EnrollmentKey

_VERSION = 1
_HEAD = 2
_DIGEST = 16
_MOST_PAYLOAD = 32
_TENANT, _SEQUENCE, _CONTACT, _RUN, _STEP, _EPOCH, _ASKED = 4, 4, 6, 2, 2, 4, 4
_STEP_PAYLOAD = _TENANT + _SEQUENCE + _CONTACT + _RUN + _STEP


class Purpose(StrEnum):
    """What a token is good for, and for nothing else. The values are part of every token out there."""

    OPEN = "open"
    UNSUBSCRIBE = "unsubscribe"
    MESSAGE = "message"
    FEEDBACK = "feedback"
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


def open_token(keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int) -> str:
    """The token of the open pixel in one mail."""
    return _seal(keys, Purpose.OPEN, _step_payload(tenant, enrollment, step))


def opened_by(keys: TokenKeys, token: str) -> tuple[int, EnrollmentKey, int] | None:
    """Tenant, enrollment and step of a pixel's token; None for anything else."""
    return _step_of(_unseal(keys, Purpose.OPEN, token))


def unsubscribe_token(keys: TokenKeys, tenant: int, contact: int) -> str:
    """The token of a contact's unsubscribe link."""
    return _seal(keys, Purpose.UNSUBSCRIBE, tenant.to_bytes(_TENANT) + contact.to_bytes(_CONTACT))


def unsubscribed_by(keys: TokenKeys, token: str) -> tuple[int, int] | None:
    """Tenant and contact of an unsubscribe token; None for anything else."""
    payload = _unseal(keys, Purpose.UNSUBSCRIBE, token)
    if payload is None or len(payload) != _TENANT + _CONTACT:
        return None
    return int.from_bytes(payload[:_TENANT]), int.from_bytes(payload[_TENANT:])


def message_id(keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int, domain: str) -> str:
    """The Message-ID of one step's mail: the same whenever it is made, and a reply to it can be read back."""
    return f"<{_seal(keys, Purpose.MESSAGE, _step_payload(tenant, enrollment, step))}@{domain}>"


def feedback_token(keys: TokenKeys, tenant: int, enrollment: EnrollmentKey, step: int, epoch: int, contact: int) -> str:
    """The token that a provider is given with a mail and hands back with what it reports about it.

    `contact` is who is mailed; the token names it where that is not who was enrolled.
    """
    other = b"" if contact == enrollment.contact else contact.to_bytes(_CONTACT)
    return _seal(keys, Purpose.FEEDBACK, _step_payload(tenant, enrollment, step) + epoch.to_bytes(_EPOCH) + other)


def reported_on(keys: TokenKeys, token: str) -> tuple[int, EnrollmentKey, int, int, int] | None:
    """Tenant, enrollment, step, epoch and the mailed contact of a feedback token; None for anything else."""
    payload = _unseal(keys, Purpose.FEEDBACK, token)
    mail = None if payload is None else _step_of(payload[:_STEP_PAYLOAD])
    if payload is None or mail is None:
        return None
    epoch, other = payload[_STEP_PAYLOAD:][:_EPOCH], payload[_STEP_PAYLOAD + _EPOCH :]
    return *mail, int.from_bytes(epoch), int.from_bytes(other) if other else mail[1].contact


class Asked(NamedTuple):
    """Which request to a tenant's app an answer is about: the one that had the number `asked`, about this step."""

    tenant: int
    enrollment: EnrollmentKey
    step: int
    epoch: int
    asked: int


def connector_token(keys: TokenKeys, request: Asked) -> str:
    """The token in the URLs at which the tenant's app answers one request."""
    payload = _step_payload(request.tenant, request.enrollment, request.step)
    return _seal(keys, Purpose.CONNECTOR, payload + request.epoch.to_bytes(_EPOCH) + request.asked.to_bytes(_ASKED))


def answered_by(keys: TokenKeys, token: str) -> Asked | None:
    """What a token that the tenant's app brings back was given out for; None for anything else."""
    payload = _unseal(keys, Purpose.CONNECTOR, token)
    about = None if payload is None else _step_of(payload[: -_EPOCH - _ASKED])
    if payload is None or about is None:
        return None
    epoch, asked = payload[-_EPOCH - _ASKED : -_ASKED], payload[-_ASKED:]
    return Asked(*about, int.from_bytes(epoch), int.from_bytes(asked))


def _step_payload(tenant: int, key: EnrollmentKey, step: int) -> bytes:
    numbers = (tenant, _TENANT), (key.sequence, _SEQUENCE), (key.contact, _CONTACT), (key.run, _RUN), (step, _STEP)
    return b"".join(number.to_bytes(size) for number, size in numbers)


def _step_of(payload: bytes | None) -> tuple[int, EnrollmentKey, int] | None:
    if payload is None or len(payload) != _STEP_PAYLOAD:
        return None
    numbers = []
    for size in (_TENANT, _SEQUENCE, _CONTACT, _RUN, _STEP):
        numbers.append(int.from_bytes(payload[:size]))
        payload = payload[size:]
    tenant, sequence, contact, run, step = numbers
    return tenant, EnrollmentKey(sequence, contact, run), step


def _seal(keys: TokenKeys, purpose: Purpose, payload: bytes) -> str:
    if len(payload) > _MOST_PAYLOAD:
        raise ValueError("the payload is too long")
    head = bytes([_VERSION, keys.current])
    secret = keys.secrets[keys.current]
    digest = _digest(secret, purpose, head, payload)
    return _spell(head + digest + _mask(secret, purpose, digest, payload))


def _unseal(keys: TokenKeys, purpose: Purpose, token: str) -> bytes | None:
    raw = _read(token)
    if raw is None or not _HEAD + _DIGEST <= len(raw) <= _HEAD + _DIGEST + _MOST_PAYLOAD or raw[0] != _VERSION:
        return None
    secret = keys.secrets.get(raw[1])
    if secret is None:
        return None
    head, digest, masked = raw[:_HEAD], raw[_HEAD : _HEAD + _DIGEST], raw[_HEAD + _DIGEST :]
    payload = _mask(secret, purpose, digest, masked)
    return payload if hmac.compare_digest(_digest(secret, purpose, head, payload), digest) else None


def _digest(secret: bytes, purpose: Purpose, head: bytes, payload: bytes) -> bytes:
    return _keyed(_subkey(secret, "digest", purpose), head + payload)[:_DIGEST]


def _mask(secret: bytes, purpose: Purpose, digest: bytes, payload: bytes) -> bytes:
    stream = _keyed(_subkey(secret, "mask", purpose), digest)
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
