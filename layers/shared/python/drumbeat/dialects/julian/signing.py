"""The headers of posts to a dialler, and to whoever hears what its calls came to."""

from drumbeat.dialects.signing import WHO_POSTS, signed_as


def dialler_headers(post_id: str, body: bytes, secret: str) -> dict[str, str]:
    """The headers of one request to a dialler. `post_id` is the same however often it is posted."""
    return signed_as("Drumbeat", post_id, body, secret)


def listener_headers(secret: str) -> dict[str, str]:
    """The headers of what a listener is told: the secret itself authorizes the post (contract 4.7)."""
    return WHO_POSTS | {"x-api-key": secret}
