"""The headers of a post to a tenant's own server: who posts, what the post is called, and what proves it (§3.7)."""

from drumbeat.domain.webhook import signature

WHO_POSTS = {"User-Agent": "Drumbeat/1.0"}


def signed_as(name: str, post_id: str, body: bytes, secret: str) -> dict[str, str]:
    """The headers of one post in the language of `name`; the signature covers the raw body.

    `post_id` is the same however often it is posted.
    """
    return WHO_POSTS | {f"X-{name}-Id": post_id, f"X-{name}-Signature": f"v1={signature(secret, body)}"}
