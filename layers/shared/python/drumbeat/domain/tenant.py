"""Tenants and their API keys (architecture §4, reliability S-01 to S-05)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from zlib import crc32

from drumbeat.domain.digest import digest
from drumbeat.domain.ids import TENANT_BITS
from drumbeat.domain.reach import Reach

ALL_SCOPES = "*"
OPERATORS = 0
"""The tenant that the operator's keys belong to: nobody's."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TENANT_LENGTH = 6
_SECRET_LENGTH = 27
_CHECKSUM_LENGTH = 6
SECRET_BYTES = 20


class KeyPrefix(StrEnum):
    """How a key begins: it tells people how far the key reaches."""

    LIVE = "ak_live_"
    TENANT = "tk_"
    WORKSPACE = "wk_"
    SENDER = "ak_"
    OPERATOR = "sa_"


@dataclass(frozen=True, slots=True)
class Tenant:
    """Whose data it is. Every key of the table starts with its number."""

    number: int
    name: str
    email: str
    created_at: int


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of a key: its digest, never the key.

    A key that is confined reaches one `workspace`, or one `sender` of the workspace (or of none). An operator's key
    belongs to nobody until it acts for a tenant; then `operator` is its number.
    """

    tenant: int
    number: int
    digest: str
    prefix: str
    label: str | None
    client_kind: str
    scopes: tuple[str, ...]
    created_at: int
    last_used_at: int | None = None
    workspace: int | None = None
    sender: int | None = None
    operator: int | None = None

    @property
    def reach(self) -> Reach:
        """How far into the account the key reaches."""
        return Reach(self.workspace, self.sender)

    @property
    def is_operators(self) -> bool:
        """Whether the key is an operator's that acts for nobody yet."""
        return self.tenant == OPERATORS

    def acting_for(self, tenant: int) -> ApiKey:
        """An operator's key as it works for a tenant, or for nobody but the operator."""
        return replace(self, tenant=tenant, operator=self.number)

    def reaches(self, scope: str) -> bool:
        """Whether the key may call what asks for `scope`; `users.all` reaches `users.read` and its like."""
        plural, dot, _ = scope.rpartition(".")
        return bool({ALL_SCOPES, scope, f"{plural}.all" if dot else scope} & set(self.scopes))


def prefix_of(reach: Reach) -> KeyPrefix:
    """How a tenant's key that reaches this far begins."""
    if reach.is_whole:
        return KeyPrefix.TENANT
    return KeyPrefix.WORKSPACE if reach.sender is None else KeyPrefix.SENDER


def spell_key(tenant: int, secret: bytes, prefix: KeyPrefix = KeyPrefix.LIVE) -> str:
    """The key's text: prefix, 160 random bits, tenant and a checksum, all in base 62.

    The random part comes first, so that the few characters which lists show tell keys apart.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a key takes {SECRET_BYTES} random bytes")
    body = _base62(int.from_bytes(secret), _SECRET_LENGTH) + _base62(tenant, _TENANT_LENGTH)
    return prefix + body + _checksum(body)


def tenant_of_key(text: str) -> int | None:
    """The tenant a well-formed key names, or None: a mistyped key costs no look-up."""
    length = _TENANT_LENGTH + _SECRET_LENGTH + _CHECKSUM_LENGTH
    prefix, body = text[:-length], text[-length:]
    if prefix not in set(KeyPrefix) or len(body) != length or not (body.isascii() and body.isalnum()):
        return None
    if _checksum(body[:-_CHECKSUM_LENGTH]) != body[-_CHECKSUM_LENGTH:]:
        return None
    tenant = 0
    for character in body[_SECRET_LENGTH : _SECRET_LENGTH + _TENANT_LENGTH]:
        tenant = tenant * 62 + _ALPHABET.index(character)
    return tenant if tenant < 1 << TENANT_BITS else None


def key_digest(text: str) -> str:
    """What the table keeps: keys are random, so one SHA-256 is enough."""
    return digest(text)


def _base62(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits


def _checksum(body: str) -> str:
    return _base62(crc32(body.encode()), _CHECKSUM_LENGTH)
