"""The header that proves where a post to an endpoint comes from, as AmpOut's clients look for it."""

from collections.abc import Sequence

from drumbeat.domain.times import SECOND
from drumbeat.domain.webhook import signature


def endpoint_headers(body: bytes, secrets: Sequence[str], at: int) -> dict[str, str]:
    """What proves a post in AmpOut's way [inferred]: seconds and body, signed with each live secret."""
    stamp = str(at // SECOND)
    signed = f"{stamp}.".encode() + body
    return {"X-Ampout-Signature": ",".join([f"t={stamp}", *(f"v1={signature(secret, signed)}" for secret in secrets)])}
