"""Deliveries and receivers as items, and their places in the queue index."""

from collections.abc import Mapping
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.items import without_none
from drumbeat.domain.notice import CareHint, DueHint, Receiver, Task, packed_call, unpacked_call
from drumbeat.domain.receiver_health import Health
from drumbeat.domain.times import SECOND
from drumbeat.domain.webhook_delivery import KEPT_FOR, Attempt, Delivery, DeliveryState, wakes_at

_ENDPOINT, _CONNECTOR = "e", "c"


def delivery_item(delivery: Delivery, now: int) -> dict[str, Any]:
    """The item of a delivery as it is written at `now`; what is over keeps no body."""
    receiver = delivery.receiver
    partition, sort = keys.delivery(receiver.tenant, receiver.number, delivery.event)
    item = {
        "PK": partition,
        "SK": sort,
        **_receiver(receiver),
        "event": delivery.event,
        "kind": delivery.kind,
        "created_at": delivery.created_at,
        "state": delivery.state.value,
        "due": delivery.due,
        "tries": delivery.tries,
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
        "again": delivery.again or None,
        "revision": delivery.revision,
        "expires_at": (now + KEPT_FOR) // SECOND,
    }
    if delivery.is_open:
        call = None if delivery.call is None else packed_call(delivery.call)
        item |= {"body": delivery.body, "call": call}
    return without_none(item | _place(delivery, now))


def delivery_of(item: Mapping[str, Any]) -> Delivery:
    """The delivery that `delivery_item` wrote."""
    return Delivery(
        receiver=receiver_of(item),
        event=item["event"],
        kind=item["kind"],
        created_at=item["created_at"],
        state=DeliveryState(item["state"]),
        due=item["due"],
        tries=item["tries"],
        attempts=tuple(Attempt(entry["at"], entry.get("status"), entry.get("error")) for entry in item["attempts"]),
        body=item.get("body"),
        call=unpacked_call(item["call"]) if "call" in item else None,
        again=item.get("again", 0),
        revision=item["revision"],
    )


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {"at": attempt.at, "status": attempt.status, "error": attempt.error}


def _place(delivery: Delivery, now: int) -> dict[str, str]:
    receiver = delivery.receiver
    if delivery.state is DeliveryState.PARKED:
        return {"qpk": keys.parked_deliveries(receiver.tenant, receiver.number), "qsk": delivery.event}
    if delivery.state is DeliveryState.WAITING:
        task = DueHint(receiver, delivery.event, delivery.revision)
        return {"qpk": keys.waking_deliveries(), "qsk": waking_sort(wakes_at(delivery, now), task)}
    return {}


def waking_sort(wake_at: int, task: Task) -> str:
    """Where a hint stands that is to be sent at `wake_at`."""
    receiver = task.receiver
    event, revision = (task.event, task.revision) if isinstance(task, DueHint) else ("", 0)
    kind = _ENDPOINT if receiver.is_endpoint else _CONNECTOR
    return keys.waking_delivery_sort(wake_at, receiver.tenant, receiver.number, kind, revision, event)


def waking_task(sort: str) -> Task:
    """The hint that stands there."""
    _, tenant, number, kind, revision, event = sort.split("#", 5)
    receiver = Receiver(int(tenant), int(number), is_endpoint=kind == _ENDPOINT)
    return DueHint(receiver, event, int(revision)) if event else CareHint(receiver)


def health_item(health: Health) -> dict[str, Any]:
    """The item of a receiver's health."""
    receiver = health.receiver
    partition, sort = keys.receiver_health(receiver.tenant, receiver.number)
    item = {
        "PK": partition,
        "SK": sort,
        **_receiver(receiver),
        "failures": health.failures,
        "opened_at": health.opened_at,
        "probe": health.probe,
        "closed_at": health.closed_at,
        "look_at": health.look_at,
        "due": health.look_at,
        "revision": health.revision,
    }
    if health.look_at is not None:
        item |= {"qpk": keys.waking_deliveries(), "qsk": waking_sort(health.look_at, CareHint(receiver))}
    return without_none(item)


def health_of(item: Mapping[str, Any]) -> Health:
    """The health that `health_item` wrote."""
    return Health(
        receiver=receiver_of(item),
        failures=item["failures"],
        opened_at=item.get("opened_at"),
        probe=item.get("probe"),
        closed_at=item.get("closed_at"),
        look_at=item.get("look_at"),
        revision=item["revision"],
    )


def _receiver(receiver: Receiver) -> dict[str, Any]:
    return {"tenant": receiver.tenant, "number": receiver.number, "is_endpoint": receiver.is_endpoint}


def receiver_of(item: Mapping[str, Any]) -> Receiver:
    """The receiver that an item is about."""
    return Receiver(item["tenant"], item["number"], item["is_endpoint"])
