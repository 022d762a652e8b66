"""Notices: events on their way to the servers of those who asked to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from drumbeat.domain.ids import EnrollmentKey

VERSION = 1
_WITH_CALL = 2
MOST_ATTEMPTS = 10
"""How often a notice is posted before it is given up; the template's queue counts."""
_PAUSES = (5, 60, 300, 1_800, 3_600, 7_200, 14_400, 28_800, 39_600)
"""Seconds between one attempt and the next: a day and some hours in all. A queue hides a message for twelve hours."""


class CallName(NamedTuple):
    """A call of an enrollment: the request for it had this number."""

    enrollment: EnrollmentKey
    asked: int


@dataclass(frozen=True, slots=True)
class Notice:
    """An event as it is told to one connector: `body` is posted as it stands, the same at every attempt.

    Where the connector listens, and its secret, are looked up when it is posted. One about a `call` has only the head
    of its body: what the call came to is long, and people's own words, so it is read where it is kept for good.
    """

    tenant: int
    connector: int
    event: str
    body: str
    call: CallName | None = None


class UnreadableNotice(ValueError):
    """A message that this code does not understand: to be kept for one that does, never dropped."""


def message_of(notice: Notice) -> dict[str, Any]:
    """The notice as it travels."""
    message: dict[str, Any] = {
        "v": VERSION,
        "tenant": notice.tenant,
        "connector": notice.connector,
        "event": notice.event,
        "body": notice.body,
    }
    return message if notice.call is None else message | {"v": _WITH_CALL, "call": _packed(notice.call)}


def notice_of(message: Mapping[str, Any]) -> Notice:
    """The notice that `message_of` spelled. Raises UnreadableNotice."""
    match message:
        case {"tenant": int(tenant), "connector": int(connector), "event": str(event), "body": str(body)}:
            if message.get("v") == VERSION:
                return Notice(tenant, connector, event, body)
            if message.get("v") == _WITH_CALL:
                return Notice(tenant, connector, event, body, _unpacked(message.get("call")))
    raise UnreadableNotice(f"version {message.get('v')!r}")


def _packed(call: CallName) -> list[int]:
    key = call.enrollment
    return [key.sequence, key.contact, key.run, call.asked]


def _unpacked(packed: object) -> CallName:
    match packed:
        case [int(sequence), int(contact), int(run), int(asked)]:
            return CallName(EnrollmentKey(sequence, contact, run), asked)
    raise UnreadableNotice("a call that has no name")


def pause_after(attempts: int) -> int:
    """Seconds to wait when so many attempts have come to nothing."""
    return _PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1]
