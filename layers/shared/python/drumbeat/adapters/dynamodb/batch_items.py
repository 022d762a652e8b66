"""Batches and chunks as items of the table: counters lie beside each other, what never changes lies elsewhere."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.batch import DONE, Batch, BatchState, Chunk, ChunkState, Outcome, Target, TargetKind
from drumbeat.domain.condition import packed, unpacked

IDS_PER_ITEM = 10_000
_FAILED = "failed#"
_COUNTED = (
    "tenant", "number", "state", "stops", "count_required", "after", "total", "processed", "failures", "canceled",
    "chunks", "chunks_settled", "created_at", "updated_at", "confirmed_at", "started_at", "finished_at", "canceled_at",
)  # fmt: skip


def failed(code: str) -> str:
    """The attribute that counts the items that failed with this code."""
    return _FAILED + code


def batch_item(batch: Batch) -> dict[str, Any]:
    """The batch without its order."""
    partition, sort = keys.batch(batch.tenant, batch.number)
    item = {"PK": partition, "SK": sort} | {name: getattr(batch, name) for name in _COUNTED}
    item["is_open"] = batch.is_open or None
    return item | {failed(code): count for code, count in batch.failures_by_code.items()}


def order_item(batch: Batch) -> dict[str, Any]:
    """What a batch was asked to do: JSON, so that every argument comes back as it was."""
    partition, sort = keys.batch_order(batch.tenant, batch.number)
    target = batch.target
    order = {
        "action": batch.action,
        "params": batch.params,
        "tag": batch.tag,
        "kind": target.kind,
        "listed": target.listed,
        "conditions": packed(target.conditions),
        "object_name": target.object_name,
        "external_start_payload": batch.external_start_payload,
    }
    return {"PK": partition, "SK": sort, "order": json.dumps(order)}


def batch_of(item: Mapping[str, Any], order_of_it: Mapping[str, Any]) -> Batch:
    """The batch that lies in these two items."""
    order = json.loads(order_of_it["order"])
    counted = {name: item[name] for name in _COUNTED if name in item} | {"state": BatchState(item["state"])}
    codes = {name.removeprefix(_FAILED): count for name, count in item.items() if name.startswith(_FAILED)}
    return Batch(
        action=order["action"],
        params=order["params"],
        tag=order["tag"],
        target=Target(TargetKind(order["kind"]), order["listed"], unpacked(order["conditions"]), order["object_name"]),
        external_start_payload=order["external_start_payload"],
        failures_by_code=codes,
        is_open=item.get("is_open", False),
        **counted,
    )


def ids_items(batch: Batch, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The ids that a call listed."""
    for place, part in enumerate(batched(ids, IDS_PER_ITEM, strict=False)):
        partition, sort = keys.batch_ids(batch.tenant, batch.number, place * IDS_PER_ITEM)
        yield {"PK": partition, "SK": sort, "ids": part}


def chunk_item(batch: Batch, chunk: Chunk) -> dict[str, Any]:
    """A chunk."""
    partition, sort = keys.chunk(batch.tenant, batch.number, chunk.first)
    item = {"PK": partition, "SK": sort, "first": chunk.first, "state": chunk.state.value, "targets": chunk.targets}
    if chunk.arguments:
        item["arguments"] = spelled_arguments(chunk.arguments)
    return item | {"missing": sorted(chunk.missing) or None} | packed_outcomes(chunk.outcomes)


def spelled_arguments(arguments: Sequence[Mapping[str, Any]]) -> str:
    """Arguments as they lie in the table."""
    return json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))


def chunk_of(item: Mapping[str, Any]) -> Chunk:
    """The chunk that lies in this item."""
    state, targets = ChunkState(item["state"]), tuple(item["targets"])
    kinds = [DONE, *(Outcome(code or None, text or None) for code, text in item.get("kinds", []))]
    places = item.get("outcomes", [0] * len(targets)) if state is ChunkState.DONE else []
    return Chunk(
        first=item["first"],
        targets=targets,
        missing=frozenset(item.get("missing", [])),
        state=state,
        outcomes=tuple(kinds[place] for place in places),
        arguments=tuple(json.loads(item.get("arguments", "[]"))),
    )


def packed_outcomes(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Attributes that tell what became of each item: the kinds of outcome, and which of them each one is (0: done)."""
    kinds = list(dict.fromkeys(outcome for outcome in outcomes if outcome != DONE))
    if not kinds:
        return {}
    place = {kind: number for number, kind in enumerate(kinds, start=1)} | {DONE: 0}
    return {
        "kinds": [[kind.code or "", kind.text or ""] for kind in kinds],
        "outcomes": [place[outcome] for outcome in outcomes],
    }
