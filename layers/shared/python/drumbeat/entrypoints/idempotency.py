"""The Idempotency-Key header: reading it, and packing what is kept for a replay (reliability §1.2)."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.domain.digest import digest
from drumbeat.domain.errors import BadRequest

HEADER = "idempotency-key"
_MAX_LENGTH = 255
_PACKED_ABOVE = 50_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request under a key. `intent` is the same for every attempt of the same operation under it."""

    key: str
    intent: str

    def packed(self, status: int, body: Any, fingerprint: str) -> dict[str, Any]:
        """What is kept; long bodies are compressed, as a record holds 400 KB."""
        text = json.dumps(body)
        if len(text) <= _PACKED_ABOVE:
            return {"status": status, "body": text, "fingerprint": fingerprint}
        squeezed = base64.b64encode(zlib.compress(text.encode())).decode()
        return {"status": status, "squeezed": squeezed, "fingerprint": fingerprint}

    def unpacked(self, stored: Mapping[str, Any]) -> tuple[int, Any, str]:
        """Status, body and fingerprint of the first answer."""
        text = stored["body"] if "body" in stored else zlib.decompress(base64.b64decode(stored["squeezed"])).decode()
        return int(stored["status"]), json.loads(text), stored["fingerprint"]


def attempt_of(operation: str, whose: str, headers: Mapping[str, str]) -> Attempt | None:
    """The attempt a request belongs to, None without a key; `whose` says whose keys of the same text are the same.

    Raises BadRequest for a key that can't be one.
    """
    if HEADER not in headers:
        return None
    text = headers[HEADER].strip()
    if len(text) >= 2 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    if not text or len(text) > _MAX_LENGTH or not text.isascii() or not text.isprintable():
        raise BadRequest(f"Idempotency-Key must be 1 to {_MAX_LENGTH} printable ASCII characters.")
    return Attempt(text, digest(f"{whose}\x00{operation}\x00{text}")[:32])
