"""The one place that reads the clock and the random source; everything further in gets them as arguments."""

import secrets
import time
import uuid

from drumbeat.domain import webhook_endpoint
from drumbeat.domain.tenant import SECRET_BYTES


def now() -> int:
    """This instant in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def key_secret() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def webhook_secret() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(webhook_endpoint.SECRET_BYTES)


def new_owner() -> str:
    """A name that nobody else has."""
    return uuid.uuid4().hex
