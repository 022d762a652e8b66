"""What deliveries to tenants' servers need from the outside world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from drumbeat.domain.receiver_health import Health
from drumbeat.domain.webhook_delivery import Delivery

if TYPE_CHECKING:
    from drumbeat.domain.call_result import NotedCall
    from drumbeat.domain.callee import Callee
    from drumbeat.domain.notice import Receiver, Task
    from drumbeat.domain.webhook import Posted

type Change = tuple[Delivery | None, Delivery]
"""A delivery as it was seen, None where there was none, and as it shall be."""


class Address(NamedTuple):
    """Where a receiver listens, and what signs for it, the newest first and sealed."""

    url: str
    sealed_secrets: tuple[str, ...]
    is_disabled: bool = False


class DeliveryName(NamedTuple):
    """Which event, to whom."""

    receiver: Receiver
    event: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of receivers and of deliveries; what is not kept is not in it."""

    addresses: Mapping[Receiver, Address]
    healths: Mapping[Receiver, Health]
    deliveries: Mapping[DeliveryName, Delivery]

    def health(self, receiver: Receiver) -> Health:
        """How the receiver does: well, as far as nobody knows otherwise."""
        return self.healths.get(receiver) or Health(receiver)


@dataclass(frozen=True, slots=True)
class Due:
    """What a timer finds: a task, the instant at which it is due, and its place among what wakes."""

    task: Task
    due: int
    place: str


class Deliveries(Protocol):
    """Keeps deliveries, and how their receivers do."""

    def known(self, receivers: Collection[Receiver], names: Collection[DeliveryName], now: int) -> Known: ...
    def parked(self, receiver: Receiver, limit: int) -> list[Delivery]: ...
    def save(self, changes: Sequence[Change], now: int) -> None: ...
    def change_health(self, receiver: Receiver, change: Callable[[Health], Health]) -> Health: ...
    def sweep(self, receiver: Receiver) -> bool: ...


class WakingDeliveries(Protocol):
    """Knows what is to be posted again, and when."""

    def waking(self, until: int) -> Iterator[list[Due]]: ...
    def move(self, moved: Sequence[tuple[Due, int]]) -> None: ...


class Endpoints(Protocol):
    """Switches endpoints off that nobody listens at any more."""

    def disable(self, receiver: Receiver, now: int) -> None: ...


class TaskQueue(Protocol):
    """Carries tasks to the worker that posts, at least once."""

    def put_later(self, tasks: Sequence[tuple[Task, int]]) -> None:
        """Each with the milliseconds that it shall take at least, a quarter of an hour at most."""
        ...


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A call that is over: who was called, and what it came to."""

    callee: Callee
    noted: NotedCall


class EndedCalls(Protocol):
    """Knows what calls came to."""

    def of(self, deliveries: Collection[Delivery]) -> Mapping[DeliveryName, EndedCall]:
        """The call of each delivery that is about one which is still kept."""
        ...


class Poster(Protocol):
    """Posts to tenants' own servers."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted: ...


type Sign = Callable[[Delivery, bytes, Sequence[str], int], Mapping[str, str]]
"""The headers of an attempt: from the delivery, its whole body, its receiver's live secrets, and the instant."""
type Complete = Callable[[str, EndedCall], str]
"""The whole body of what is told of a call, from its head."""
