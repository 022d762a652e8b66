"""Notices: events on their way to the servers of those who asked to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERSION = 1
MOST_ATTEMPTS = 10
"""How often a notice is posted before it is given up; the template's queue counts."""
_PAUSES = (5, 60, 300, 1_800, 3_600, 7_200, 14_400, 28_800, 39_600)
"""Seconds between one attempt and the next: a day and some hours in all. A queue hides a message for twelve hours."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An event as it is told to one connector: `body` is posted as it stands, the same at every attempt.

    Where the connector listens, and its secret, are looked up when it is posted.
    """

    tenant: int
    connector: int
    event: str
    body: str


class UnreadableNotice(ValueError):
    """A message that this code does not understand: to be kept for one that does, never dropped."""


def message_of(notice: Notice) -> dict[str, Any]:
    """The notice as it travels."""
    return {
        "v": VERSION,
        "tenant": notice.tenant,
        "connector": notice.connector,
        "event": notice.event,
        "body": notice.body,
    }


def notice_of(message: Mapping[str, Any]) -> Notice:
    """The notice that `message_of` spelled. Raises UnreadableNotice."""
    match message:
        case {"v": 1, "tenant": int(tenant), "connector": int(connector), "event": str(event), "body": str(body)}:
            return Notice(tenant, connector, event, body)
    raise UnreadableNotice(f"version {message.get('v')!r}")


def pause_after(attempts: int) -> int:
    """Seconds to wait when so many attempts have come to nothing."""
    return _PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1]
