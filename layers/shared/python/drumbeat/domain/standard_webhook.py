"""Standard Webhooks' headers: what is posted, when, and what proves it (standardwebhooks.com, spec 1.0.0)."""

import base64
import binascii
import hmac
from collections.abc import Sequence

from drumbeat.domain.times import SECOND

_PREFIX = "whsec_"


def signing_key(secret: str) -> bytes:
    """What the secret signs with: the bytes that it spells after `whsec_`, padded or not; of any other its own."""
    if secret.startswith(_PREFIX):
        text = secret.removeprefix(_PREFIX)
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def standard_headers(post_id: str, body: bytes, secrets: Sequence[str], at: int) -> dict[str, str]:
    """The headers of one attempt, made at `at`; each of the secrets signs. `post_id` is the same at every attempt."""
    stamp = str(at // SECOND)
    signed = f"{post_id}.{stamp}.".encode() + body
    signatures = [f"v1,{base64.b64encode(hmac.digest(signing_key(key), signed, 'sha256')).decode()}" for key in secrets]
    return {"webhook-id": post_id, "webhook-timestamp": stamp, "webhook-signature": " ".join(signatures)}
