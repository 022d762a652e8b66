"""Posts to tenants' own servers: where one goes, what proves that it is ours, what came of it."""

import hmac
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

LONGEST_URL = 2048
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads; `path` is what is asked for, with its query."""

    host: str
    port: int
    path: str
    scheme: str

    @property
    def encrypted(self) -> bool:
        """Whether it is asked by TLS."""
        return self.scheme == "https"

    @property
    def usual_port(self) -> int:
        """The port that goes without saying."""
        return _PORTS[self.scheme]


@dataclass(frozen=True, slots=True)
class Answered:
    """The server's answer: its status, the beginning of its words, fit to be kept, and how long it asks us to wait."""

    status: int
    said: str = ""
    retry_after: str | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the server says that nobody will ever listen there again."""
        return self.status == HTTPStatus.GONE

    @property
    def is_taken(self) -> bool:
        """Whether the server says that it has what was posted; a redirect is no such answer."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True, slots=True)
class Unreached:
    """There was no answer. `perhaps_taken`: the server may have the post all the same. The reason is fit to be kept."""

    reason: str
    perhaps_taken: bool = False


type Posted = Answered | Unreached


def read_url(text: str, *, plain_allowed: bool = False) -> Target:
    """Where a webhook's URL leads. `plain_allowed` lets http pass.

    Raises ValueError, with words for whoever wrote the URL: for another scheme, a user or password in it (they would
    stand in logs), no host, no such port, signs that a URL spells otherwise, or more than `LONGEST_URL` of them.
    """
    if len(text) > LONGEST_URL:
        raise ValueError(f"a URL has {LONGEST_URL} characters at most")
    if not text.isascii() or not text.isprintable() or set(text) & set(' \\"<>^`{|}'):
        raise ValueError("a URL holds plain ASCII characters only; encode the others")
    parts = urlsplit(text)
    port = parts.port  # raises for no number
    if parts.scheme not in (_PORTS if plain_allowed else {"https"}):
        raise ValueError("the URL must begin with https://")
    if "@" in parts.netloc:
        raise ValueError("the URL must not hold a user or a password")
    if not parts.hostname or port == 0:
        raise ValueError("the URL names no server")
    asked = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.hostname, port or _PORTS[parts.scheme], asked, parts.scheme)


def signature(secret: str, body: bytes) -> str:
    """What only who knows the secret can say about exactly these bytes: HMAC-SHA256 as hex (contract §3.7)."""
    return hmac.digest(secret.encode(), body, "sha256").hex()
