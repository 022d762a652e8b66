"""Where a tenant's own app listens, and the secret that proves to it who is talking, as clients write and get them."""

from drumbeat.domain.errors import invalid_field
from drumbeat.domain.webhook import read_url


def app_url(text: str | None, field: str, *, plain_allowed: bool) -> str | None:
    """The URL, None for nowhere. Raises ValidationFailed, which names the field, for one that leads nowhere."""
    try:
        if text is not None:
            read_url(text, plain_allowed=plain_allowed)
    except ValueError as cause:
        raise invalid_field(field, str(cause)) from None
    return text


def spelled_secret(secret: bytes) -> str:
    """What proves to an app that it is we who talk to it, as its owner gets it."""
    return f"whsec_{secret.hex()}"
