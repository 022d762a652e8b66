"""Batches as their callers see them: started, confirmed, canceled, listed, and read item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from drumbeat.application.batch_messages import resolve_message, start_message
from drumbeat.domain.batch import Batch, BatchState, Item, Target, TargetKind, item_place, items_of
from drumbeat.domain.errors import BatchNotConfirming, BatchOver, NotFound, StoreBusy, WrongCount, invalid_field
from drumbeat.domain.ids import NUMBER_BITS, Kind

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches, BatchPorts
    from drumbeat.domain.condition import Condition

MOST_LISTED = 300_000
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What a bulk call asks for. Without `ids` and `conditions` it is about everything of its kind."""

    action: str
    kind: TargetKind
    params: Mapping[str, Any] = field(default_factory=dict)
    ids: Sequence[int] | None = None
    conditions: tuple[Condition, ...] = ()
    object_name: str | None = None
    skip_confirmation: bool = False
    count_required: bool = False
    external_start_payload: str | None = None


def start_batch(
    ports: BatchPorts, *, tenant: int, order: Order, all_unconfirmed: bool, intent: str | None, now: int
) -> Batch:
    """Makes a batch and has its targets looked for in the background.

    It stops for confirmation unless told to skip that; one about everything stops even then, unless `all_unconfirmed`.
    An id that is listed twice is one item. The same intent starts one batch. Raises ValidationFailed (field "ids").
    """
    ids = _distinct(order.ids)
    target = Target(order.kind, order.ids is not None, order.conditions, order.object_name)
    number = ports.numbers.take(tenant, Kind.BATCH)
    batch = Batch(
        tenant=tenant,
        number=number,
        action=order.action,
        params=order.params,
        target=target,
        tag=f"b{number}",
        created_at=now,
        updated_at=now,
        stops=not order.skip_confirmation or (target.is_all and not all_unconfirmed),
        count_required=order.count_required,
        external_start_payload=order.external_start_payload,
    )
    made = ports.batches.create(batch, ids=ids, intent=intent, now=now)
    ports.queue.put(resolve_message(tenant, made))
    return batch if made == number else get_batch(ports.batches, tenant=tenant, number=made)


def _distinct(ids: Sequence[int] | None) -> list[int]:
    if ids is None:
        return []
    wanted = list(dict.fromkeys(ids))
    if not 0 < len(wanted) <= MOST_LISTED or not all(0 <= number < 1 << NUMBER_BITS for number in wanted):
        message = f"must be 1 to {MOST_LISTED} ids; without ids and filter the batch is about everything"
        raise invalid_field("ids", message)
    return wanted


def get_batch(batches: Batches, *, tenant: int, number: int) -> Batch:
    """The batch. Raises NotFound."""
    batch = batches.get(tenant, number)
    if batch is None:
        raise NotFound("batch", number)
    return batch


def list_batches(batches: Batches, *, tenant: int, after: int = 0) -> Iterator[Batch]:
    """The tenant's batches behind number `after`, in number order; reads on only as far as it is consumed."""
    return batches.of_tenant(tenant, after=after)


def confirm_batch(ports: BatchPorts, *, tenant: int, number: int, count: int | None, now: int) -> Batch:
    """Lets a batch that waits for confirmation run.

    `count` has to be the number of items where the batch requires it, and where it is given. Raises NotFound,
    BatchOver, BatchNotConfirming or WrongCount; nothing is changed then.
    """
    batch = get_batch(ports.batches, tenant=tenant, number=number)
    _check_confirms(batch, count)
    if not ports.batches.move(batch, BatchState.RUNNING, now=now):
        _check_confirms(get_batch(ports.batches, tenant=tenant, number=number), count)
        raise StoreBusy("The batch is changing. Try again.")
    ports.queue.put(start_message(tenant, number))
    return get_batch(ports.batches, tenant=tenant, number=number)


def _check_confirms(batch: Batch, count: int | None) -> None:
    _check_not_over(batch)
    if batch.state is not BatchState.CONFIRMING:
        raise BatchNotConfirming("The batch does not wait for confirmation.", state=batch.state)
    if count != batch.total and (batch.count_required or count is not None):
        raise WrongCount("The confirmed count is not the number of items.", count=batch.total)


def _check_not_over(batch: Batch) -> None:
    if batch.state.over:
        raise BatchOver(f"The batch is {batch.state}.", state=batch.state)


def cancel_batch(ports: BatchPorts, *, tenant: int, number: int, now: int) -> Batch:
    """Ends a batch: chunks that have begun come to their end, no other is begun. Raises NotFound or BatchOver."""
    for _ in range(_TRIES):
        batch = get_batch(ports.batches, tenant=tenant, number=number)
        _check_not_over(batch)
        if ports.batches.move(batch, BatchState.CANCELED, now=now):
            return get_batch(ports.batches, tenant=tenant, number=number)
    raise StoreBusy("The batch is changing. Try again.")


def batch_items(batches: Batches, batch: Batch, *, first: int = 0) -> Iterator[Item]:
    """The batch's items in the order of the call, beginning with the one of index `first`, as far as they are known."""
    for chunk in batches.chunks(batch, first=first):
        yield from (item for item in items_of(batch, chunk) if item.index >= first)


def get_batch_item(batches: Batches, *, tenant: int, number: int) -> Item:
    """The item of this number (`item_number`). Raises NotFound."""
    place, index = item_place(number)
    batch = batches.get(tenant, place)
    found = [] if batch is None else list(islice(batch_items(batches, batch, first=index), 1))
    if not found:
        raise NotFound("batch_item", number)
    return found[0]
