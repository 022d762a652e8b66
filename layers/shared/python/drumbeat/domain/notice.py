"""What travels to the worker that posts to tenants' servers: news, and hints that something is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from drumbeat.domain.ids import EnrollmentKey

VERSION = 3
_OLD, _OLD_WITH_CALL = 1, 2


class CallName(NamedTuple):
    """A call of an enrollment: the request for it had this number."""

    enrollment: EnrollmentKey
    asked: int


class Receiver(NamedTuple):
    """Whom something is posted to: a sequence's connector, or an endpoint of the whole tenant."""

    tenant: int
    number: int
    is_endpoint: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """An event as it is told to one receiver, under its type there: `body` is posted as it stands at every attempt.

    Where the receiver listens, and its secret, are looked up when it is posted. One about a `call` has only the head
    of its body: what the call came to is long, and people's own words, so it is read where it is kept for good.
    `again` is the instant of the replay that asked for it, 0 if none did. `correlation_id` is that of the request that
    the event goes back to, where that is known, for the log.
    """

    receiver: Receiver
    event: str
    kind: str
    body: str
    call: CallName | None = None
    again: int = 0
    correlation_id: str | None = None


@dataclass(frozen=True, slots=True)
class DueHint:
    """A delivery is due, if it still is as it was at this revision: what is kept of it decides."""

    receiver: Receiver
    event: str
    revision: int


@dataclass(frozen=True, slots=True)
class CareHint:
    """A receiver is to be looked after: what is parked for it may be resumed, or has to be probed."""

    receiver: Receiver


type Task = Notice | DueHint | CareHint


class UnreadableNotice(ValueError):
    """A message that this code does not understand: to be kept for one that does, never dropped."""


def message_of(task: Task) -> dict[str, Any]:
    """The task as it travels."""
    receiver = task.receiver
    name = "endpoint" if receiver.is_endpoint else "connector"
    head = {"v": VERSION, "tenant": receiver.tenant, name: receiver.number}
    match task:
        case Notice():
            call = {} if task.call is None else {"call": packed_call(task.call)}
            again = {"again": task.again} if task.again else {}
            traced = {} if task.correlation_id is None else {"correlation_id": task.correlation_id}
            return head | {"event": task.event, "type": task.kind, "body": task.body} | call | again | traced
        case DueHint():
            return head | {"event": task.event, "revision": task.revision}
        case CareHint():
            return head


def task_of(message: Mapping[str, Any]) -> Task:
    """The task that `message_of` spelled. Raises UnreadableNotice."""
    version = message.get("v")
    if version not in (_OLD, _OLD_WITH_CALL, VERSION):
        raise UnreadableNotice(f"version {version!r}")
    receiver = _receiver_of(message)
    match message:
        case {"event": str(event), "body": str(body)}:
            call = None if "call" not in message else unpacked_call(message["call"])
            return Notice(receiver, event, str(message.get("type", "")), body, call, int(message.get("again", 0)))
        case {"event": str(event), "revision": int(revision)}:
            return DueHint(receiver, event, revision)
        case _ if "event" not in message:
            return CareHint(receiver)
    raise UnreadableNotice("neither news nor a hint")


def _receiver_of(message: Mapping[str, Any]) -> Receiver:
    match message:
        case {"tenant": int(tenant), "connector": int(number)}:
            return Receiver(tenant, number)
        case {"tenant": int(tenant), "endpoint": int(number)}:
            return Receiver(tenant, number, is_endpoint=True)
    raise UnreadableNotice("it names no receiver")


def packed_call(call: CallName) -> list[int]:
    """The call's name as numbers."""
    key = call.enrollment
    return [key.sequence, key.contact, key.run, call.asked]


def unpacked_call(packed: object) -> CallName:
    """The call that `packed_call` spelled. Raises UnreadableNotice."""
    match packed:
        case [int(sequence), int(contact), int(run), int(asked)]:
            return CallName(EnrollmentKey(sequence, contact, run), asked)
    raise UnreadableNotice("a call that has no name")
