"""The headers that prove where a post to a customer's app comes from (contract §3.7)."""

from drumbeat.domain.webhook import signature

_AGENT = "Drumbeat/1.0"


def signed_headers(post_id: str, body: bytes, secret: str) -> dict[str, str]:
    """The headers of one post. `post_id` is the same however often it is posted; the signature covers the raw body."""
    return {
        "User-Agent": _AGENT,
        "X-MyAgentMail-Id": post_id,
        "X-MyAgentMail-Signature": f"v1={signature(secret, body)}",
    }
