"""The headers that prove where a post to a customer's app comes from (contract §3.7)."""

from drumbeat.dialects.signing import signed_as


def signed_headers(post_id: str, body: bytes, secret: str) -> dict[str, str]:
    """The headers of one post. `post_id` is the same however often it is posted; the signature covers the raw body."""
    return signed_as("MyAgentMail", post_id, body, secret)
