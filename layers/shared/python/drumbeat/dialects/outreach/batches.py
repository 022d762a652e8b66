"""Batches and their items as Outreach shows them (contract 1.4 to 1.6)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from drumbeat.application.batch_item_list import list_items
from drumbeat.application.batches import list_batches
from drumbeat.dialects.outreach.bulk_actions import ATTRIBUTE_NAMES, BY_ENGINE_NAME
from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.targets import TYPES, collection_of
from drumbeat.domain.batch import Batch, BatchState, Item, ItemState, item_number, item_place
from drumbeat.domain.condition import Condition, Looked, Op, matches
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches

_PAGE = 100
_INFO_LENGTH = 767
# Outreach documents no word for a batch that runs: it is pending until it is over, and says when it started.
_STATES = {BatchState.RESOLVING: "pending", BatchState.RUNNING: "pending"}


def view_of_batch(batch: Batch) -> dict[str, Any]:
    """The batch as lists see it."""
    action = BY_ENGINE_NAME.get(batch.action)
    return {
        "number": batch.number,
        "action": batch.action if action is None else action.name,
        "state": _STATES.get(batch.state, batch.state.value),
        "total": batch.total,
        "pending": batch.pending,
        "failures": batch.failures,
        "confirm_count": batch.confirm_count,
        "count_required": batch.count_required,
        "payload": _payload(batch),
        "summary": {"failures": dict(batch.failures_by_code)},
        "external_start_payload": batch.external_start_payload,
        "created_at": batch.created_at,
        "updated_at": batch.updated_at,
        "confirmed_at": batch.confirmed_at,
        "started_at": batch.started_at,
        "finished_at": batch.finished_at,
        "canceled_at": batch.canceled_at,
    }


BATCHES = Collection(
    type="batch",
    path="batches",
    view=view_of_batch,
    attributes=(
        Attribute("action", "action", Shape.TEXT, "F"),
        Attribute("state", "state", Shape.TEXT, "FS"),
        Attribute("total", "total", Shape.WHOLE, "FSR"),
        Attribute("pending", "pending", Shape.WHOLE, "R"),
        Attribute("failures", "failures", Shape.WHOLE, "R"),
        Attribute("confirmCount", "confirm_count", Shape.WHOLE, "R"),
        Attribute("confirmedCountRequired", "count_required", Shape.FLAG, "R"),
        Attribute("payload", "payload", Shape.ANY),
        Attribute("summary", "summary", Shape.ANY),
        Attribute("externalStartPayload", "external_start_payload", Shape.TEXT),
        Attribute("createdAt", "created_at", Shape.INSTANT, "SR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "R"),
        Attribute("confirmedAt", "confirmed_at", Shape.INSTANT, "R"),
        Attribute("startedAt", "started_at", Shape.INSTANT, "R"),
        Attribute("finishedAt", "finished_at", Shape.INSTANT, "SR"),
        Attribute("canceledAt", "canceled_at", Shape.INSTANT, "R"),
    ),
    relations=(
        Relation(
            "batchItems",
            "batchItem",
            many=True,
            read_only=True,
            related="/batchItems?filter[batchId]={number}",
            wrapped=True,
        ),
        # Keys are nobody in particular.
        Relation("creator", "user", "creator", read_only=True),
    ),
)


def view_of_item(item: Item) -> dict[str, Any]:
    """The item as lists see it: `info` is for people, `code` for programs, `data` says what it was about."""
    text = item.outcome.text
    return {
        "number": item_number(item.batch, item.index),
        "batch": item.batch,
        "state": item.state.value,
        "failed": item.state is ItemState.ERROR,
        "info": None if text is None else text[:_INFO_LENGTH],
        "code": item.outcome.code,
        "data": json.dumps({"id": item.target, "type": TYPES[item.kind]}),
        "created_at": item.created_at,
    }


BATCH_ITEMS = Collection(
    type="batchItem",
    path="batchItems",
    view=view_of_item,
    attributes=(
        Attribute("batchId", "batch", Shape.WHOLE, "FSR"),
        Attribute("state", "state", Shape.TEXT, "FSR"),
        Attribute("failed", "failed", Shape.FLAG, "FSR"),
        Attribute("info", "info", Shape.TEXT, "R"),
        Attribute("code", "code", Shape.TEXT, "FSR"),
        Attribute("data", "data", Shape.TEXT, "R"),
        Attribute("createdAt", "created_at", Shape.INSTANT, "R"),
    ),
    relations=(Relation("batch", "batch", "batch", read_only=True),),
)


def search_batches(
    batches: Batches, tenant: int, conditions: Sequence[Condition], after: int
) -> Iterator[Looked[Batch]]:
    """The batches that match, in pages."""
    for part in batched(list_batches(batches, tenant=tenant, after=after), _PAGE, strict=False):
        yield Looked([batch for batch in part if matches(view_of_batch(batch), conditions)], part[-1].number)


def search_items(batches: Batches, tenant: int, conditions: Sequence[Condition], after: int) -> Iterator[Looked[Item]]:
    """The items that match, in pages; a filter by batch or by id reads those batches alone."""
    items = list_items(batches, tenant=tenant, of=_batches_asked_for(conditions), after=after)
    for part in batched(items, _PAGE, strict=False):
        upto = item_number(part[-1].batch, part[-1].index)
        yield Looked([item for item in part if matches(view_of_item(item), conditions)], upto)


def _batches_asked_for(conditions: Iterable[Condition]) -> list[int] | None:
    for condition in conditions:
        if condition.op is Op.ANY_OF and condition.field in ("batch", "number"):
            numbers = [value for value in condition.values if isinstance(value, int)]
            return numbers if condition.field == "batch" else [item_place(number)[0] for number in numbers]
    return None


def _payload(batch: Batch) -> Mapping[str, Any]:
    if "values" in batch.params:
        return _shown_values(collection_of(batch.target.kind, batch.target.object_name), batch.params["values"])
    return {ATTRIBUTE_NAMES.get(param, param): value for param, value in batch.params.items()}


def _shown_values(collection: Collection[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they were given, by the names of the attributes."""
    names = {attribute.field: attribute for attribute in collection.attributes}
    return {
        names[field].name if field in names else field: _shown(names[field], value) if field in names else value
        for field, value in values.items()
    }


def _shown(attribute: Attribute, value: Any) -> Any:
    return iso(value) if attribute.shape is Shape.INSTANT and isinstance(value, int) else value
