"""Deliveries and how their receivers do: each write only while the item is as it was seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.delivery_items import (
    delivery_item,
    delivery_of,
    health_item,
    health_of,
    waking_sort,
    waking_task,
)
from drumbeat.adapters.dynamodb.records import changed
from drumbeat.adapters.dynamodb.sequence_items import sender_of
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table, tries
from drumbeat.adapters.dynamodb.webhook_endpoints import endpoints_of
from drumbeat.application.delivery_ports import Address, DeliveryName, Due, Known
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.notice import DueHint, Receiver
from drumbeat.domain.receiver_health import Health
from drumbeat.domain.sequence import SenderKind
from drumbeat.domain.webhook_delivery import Delivery, DeliveryState

if TYPE_CHECKING:
    from drumbeat.application import delivery_ports

_QUEUE = "queue"
_AS_SEEN = "attribute_not_exists(PK) OR revision = :seen"
_SWEPT_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class DeliveryStore:
    """Keeps deliveries, and how their receivers do."""

    table: Table

    def known(self, receivers: Collection[Receiver], names: Collection[DeliveryName], now: int) -> Known:
        """Where the receivers listen and how they do, and what is kept of the deliveries: 100 items a request."""
        homes = {receiver: _home(receiver) for receiver in receivers}
        healths = [keys.receiver_health(receiver.tenant, receiver.number) for receiver in receivers]
        places = {name: keys.delivery(name.receiver.tenant, name.receiver.number, name.event) for name in names}
        found = self.table.get_many([*homes.values(), *healths, *places.values()])
        addresses = {receiver: _address(receiver, found.get(home), now) for receiver, home in homes.items()}
        kept = [health_of(found[key]) for key in healths if key in found]
        return Known(
            {receiver: address for receiver, address in addresses.items() if address is not None},
            {health.receiver: health for health in kept},
            {name: delivery_of(found[key]) for name, key in places.items() if key in found},
        )

    def parked(self, receiver: Receiver, limit: int) -> list[Delivery]:
        """What is parked for the receiver, what happened first first. An index that lags behind can only hide some."""
        partition = keys.parked_deliveries(receiver.tenant, receiver.number)
        parked: list[Delivery] = []
        for rows in self.table.pages(partition, index=_QUEUE, limit=limit):
            wanted = [keys.delivery(receiver.tenant, receiver.number, row["SK"]) for row in rows]
            found = self.table.get_many(wanted)
            there = [delivery_of(found[key]) for key in wanted if key in found]
            parked += [delivery for delivery in there if delivery.state is DeliveryState.PARKED]
            if len(parked) >= limit:
                break
        return parked[:limit]

    def save(self, changes: Sequence[delivery_ports.Change], now: int) -> None:
        """Writes each delivery that is as it was seen; one that somebody else has changed meanwhile stays theirs."""
        fresh = [delivery_item(new, now) for seen, new in changes if seen is None]
        moved = [_change(seen, new, now) for seen, new in changes if seen is not None]
        statements = Statements(self.table)
        if fresh:
            statements.insert(fresh)
        if moved:
            statements.change(moved)

    def change_health(self, receiver: Receiver, change: Callable[[Health], Health]) -> Health:
        """Changes how the receiver does, and returns it; what stays as it is, is not written.

        `change` may be repeated, when somebody else was faster.
        """
        for _ in tries():
            item = self.table.get(keys.receiver_health(receiver.tenant, receiver.number))
            seen = Health(receiver) if item is None else health_of(item)
            wanted = change(seen)
            if wanted == seen:
                return seen
            kept = replace(wanted, revision=seen.revision + 1)
            try:
                self.table.put(health_item(kept), condition=_AS_SEEN, values={":seen": seen.revision})
            except ConditionFailed:
                continue
            return kept
        raise StoreBusy("The store is busy. Try again.")

    def sweep(self, receiver: Receiver) -> bool:
        """Deletes some of what is kept of a receiver that is gone; returns whether that was all."""
        partition = keys.deliveries(receiver.tenant, receiver.number)
        rows = next(self.table.pages(partition, limit=_SWEPT_AT_ONCE))
        self.table.delete_many([(partition, row["SK"]) for row in rows])
        if rows:
            return False  # a page of large ones is shorter than was asked for: only an empty one is the end
        self.table.delete(keys.receiver_health(receiver.tenant, receiver.number))
        return True

    def of_receiver(self, receiver: Receiver, *, before: str | None = None) -> Iterator[Delivery]:
        """What is posted to the receiver, what happened last first; `before` an event, if one is named."""
        span = None if before is None else ("0", before)
        partition = keys.deliveries(receiver.tenant, receiver.number)
        for item in self.table.items(partition, between=span, newest_first=True, limit=100):
            if item["SK"] != before:
                yield delivery_of(item)

    def waking(self, until: int) -> Iterator[list[Due]]:
        """What is to be looked at by `until`, what waits longest first, page by page: one query if nothing is."""
        between = ("0", keys.wakes_until(until))
        for page in self.table.pages(keys.waking_deliveries(), index=_QUEUE, between=between):
            yield [Due(waking_task(row["qsk"]), row["due"], row["qsk"]) for row in page]

    def move(self, moved: Sequence[tuple[Due, int]]) -> None:
        """Has each looked at again at another instant, if nobody has changed it since: 25 a request."""
        Statements(self.table).change([_moved(due, look_at) for due, look_at in moved])


def _moved(due: Due, look_at: int) -> Change:
    receiver = due.task.receiver
    if isinstance(due.task, DueHint):
        key = keys.delivery(receiver.tenant, receiver.number, due.task.event)
    else:
        key = keys.receiver_health(receiver.tenant, receiver.number)
    return Change(key, {"qsk": waking_sort(look_at, due.task)}, {"qsk": due.place})


def _change(seen: Delivery, new: Delivery, now: int) -> Change:
    receiver = seen.receiver
    wanted = replace(new, revision=seen.revision + 1)
    sets = changed(delivery_item(seen, now), delivery_item(wanted, now))
    return Change(keys.delivery(receiver.tenant, receiver.number, seen.event), sets, {"revision": seen.revision})


def _home(receiver: Receiver) -> keys.Key:
    if receiver.is_endpoint:
        return keys.webhook_endpoints(receiver.tenant)
    return keys.sender(receiver.tenant, receiver.number)


def _address(receiver: Receiver, item: Mapping[str, Any] | None, now: int) -> Address | None:
    """Where it listens; None if it is gone, or listens nowhere."""
    if item is None:
        return None
    if receiver.is_endpoint:
        there = [entry for entry in endpoints_of(item) if entry.number == receiver.number]
        return Address(there[0].url, there[0].live_secrets(now), there[0].disabled_at is not None) if there else None
    sender = sender_of(item)
    if sender.kind is not SenderKind.CONNECTOR or not sender.host:
        return None
    return Address(sender.host, (sender.sealed_password,))
