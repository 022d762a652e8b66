"""Events on their way to receivers, in virtual time: the production worker and timer, and a queue that keeps time."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from drumbeat import bootstrap, bootstrap_webhooks
from drumbeat.adapters.sqs import SqsNotices
from drumbeat.adapters.webhooks import Webhooks
from drumbeat.application.deliver_notices import Delivered, DeliverPorts, deliver_notices
from drumbeat.application.delivery_ports import DeliveryName, Poster
from drumbeat.application.wake_deliveries import HORIZON, wake_deliveries
from drumbeat.dialects.news import completed, headers_of
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.notice import Notice, Receiver, Task, task_of
from drumbeat.domain.receiver_health import Health
from drumbeat.domain.times import MINUTE
from drumbeat.domain.webhook_delivery import Delivery
from drumbeat.domain.webhook_endpoint import WebhookEndpoint
from drumbeat.entrypoints.side_by_side import side_by_side
from tests.memory.queue import MemoryQueue, Message
from tests.stage import START, TENANT

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
BROKEN = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
_TEN = 10
_HIDDEN = 12 * MINUTE
"""How long the template's queue hides a message from others."""
type Around = Callable[[str, Mapping[str, Any], Callable[[Mapping[str, Any]], dict[str, Any]]], dict[str, Any]]


def endpoint(url: str, *, number: int = 7, tenant: int = TENANT, filters: Sequence[str] = ("*",)) -> Receiver:
    """Writes an endpoint that listens there."""
    sealed = bootstrap.vault().seal(SECRET, tenant=tenant, sender=number)
    new = WebhookEndpoint(tenant, number, url, tuple(filters), sealed, START)
    store = bootstrap_webhooks.endpoints()
    store.change(tenant, lambda seen: (*(one for one in seen if one.number != number), new), resume=None, now=START)
    return Receiver(tenant, number, is_endpoint=True)


def news(receiver: Receiver, place: int = 0, *, text: str = "Zoë", again: int = 0) -> Notice:
    """An event for the receiver."""
    event = f"evt_{place:09d}"
    body = json.dumps({"type": "enrollment.sent", "id": event, "data": text}, ensure_ascii=False)
    return Notice(receiver, event, "enrollment.sent", body, again=again)


@dataclass
class PostRoom:
    """What lies between an event and its receiver. Time passes only where a method says so."""

    now: int = START
    poster: Poster = field(default_factory=lambda: Webhooks(private_allowed=True, seconds=2))
    queue: MemoryQueue = field(init=False)
    ticked_at: int = START
    around: Around = lambda _, params, act: act(params)
    """What happens around each request to the queue."""

    def __post_init__(self) -> None:
        self.queue = MemoryQueue(lambda: self.now, lambda *request: self.around(*request))  # noqa: PLW0108 - tests set another

    @property
    def tasks(self) -> SqsNotices:
        """The way into the queue."""
        return SqsNotices(self.queue, "WebhookQueue")  # type: ignore[arg-type]

    def ports(self) -> DeliverPorts:
        """The worker's ports, with this queue."""
        made = bootstrap_webhooks.deliver_ports()
        return replace(
            made,
            settling=replace(made.settling, queue=self.tasks),
            posting=replace(made.posting, poster=self.poster),
        )

    def tell(self, *notices: Notice) -> None:
        """Sends notices, as who publishes events does."""
        self.tasks.put(notices)

    def work(self, *tasks: Task, out_of_time: Callable[[], bool] = lambda: False) -> dict[Task, Delivered]:
        """Has the worker handle these tasks as one batch."""
        return deliver_notices(
            self.ports(),
            tasks,
            complete=completed,
            sign=headers_of,
            clock=lambda: self.now,
            out_of_time=out_of_time,
            side_by_side=side_by_side,
        )

    def tick(self) -> int:
        """Has the timer look once; returns how many messages it sent."""
        self.ticked_at = self.now
        store = bootstrap_webhooks.deliveries()
        return wake_deliveries(store, self.tasks, now=self.now, out_of_time=lambda: False).hints

    def deliver(self) -> int:
        """Handles what can be received now, ten at a time, until nothing is left; returns how many messages."""
        handled = 0
        while due := self.queue.take_due():
            for first in range(0, len(due), _TEN):
                with self._held(due[first:]):
                    self.work(*map(_read, due[first : first + _TEN]))
            handled += len(due)
        return handled

    @contextmanager
    def _held(self, messages: Sequence[Message]) -> Iterator[None]:
        """What a worker has not finished comes again when SQS takes it for dead."""
        try:
            yield
        except BaseException:
            self.queue.waiting += [replace(message, at=self.now + _HIDDEN) for message in messages]
            raise

    def run(self, until: int) -> None:
        """Lets time pass: messages are handled when they can be received, the timer looks every minute.

        Ticks that would find nothing are left out.
        """
        self.deliver()
        while True:
            next_tick = self._next_tick(until)
            next_message = self.queue.next_at()
            self.now = min(next_tick, until if next_message is None else next_message)
            if self.now >= until:
                self.now = until
                return
            if self.now == next_tick:
                self.tick()
            self.deliver()

    def _next_tick(self, until: int) -> int:
        found = next(bootstrap_webhooks.deliveries().waking(until + HORIZON))
        seen_from = int(found[0].place[:15]) - HORIZON if found else until
        minutes = max(-(-(seen_from - self.ticked_at) // MINUTE), 1)
        return self.ticked_at + minutes * MINUTE


def _read(message: Message) -> Task:
    return task_of(json.loads(message.body))


def kept(receiver: Receiver, place: int = 0) -> Delivery:
    """What is kept of the delivery of an event."""
    name = DeliveryName(receiver, f"evt_{place:09d}")
    return bootstrap_webhooks.deliveries().known((), [name], START).deliveries[name]


def health(receiver: Receiver) -> Health:
    """How the receiver does."""
    return bootstrap_webhooks.deliveries().known([receiver], (), START).health(receiver)


def endpoint_of(receiver: Receiver) -> WebhookEndpoint:
    """The endpoint as it is kept."""
    there = bootstrap_webhooks.endpoints().of_tenants([receiver.tenant])[receiver.tenant]
    (found,) = [one for one in there if one.number == receiver.number]
    return found


def receiver_of_id(tenant: int, webhook_id: str) -> Receiver:
    """The endpoint with this id as somebody who is posted to."""
    return Receiver(tenant, resource_number(Kind.WEBHOOK, tenant, webhook_id) or 0, is_endpoint=True)


def failing(tenant: int, webhook_id: str, *, failures: int, is_open: bool = False) -> Receiver:
    """Has the endpoint have failed so often in a row."""
    return failing_receiver(receiver_of_id(tenant, webhook_id), failures=failures, is_open=is_open)


def failing_receiver(receiver: Receiver, *, failures: int, is_open: bool = False) -> Receiver:
    """Has the receiver have failed so often in a row."""
    seen = Health(receiver, failures, opened_at=START if is_open else None, probe="evt_1" if is_open else None)
    bootstrap_webhooks.deliveries().change_health(receiver, lambda _: seen)
    return receiver
