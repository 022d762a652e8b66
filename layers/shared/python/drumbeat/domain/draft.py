"""The text that the tenant's app has written for one step of one enrollment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """Plain text as it shall be read: nothing in it is filled in. Without a subject the step's holds."""

    text: str
    subject: str | None = None
