"""Our own view of a batch and of what became of its items."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from drumbeat.domain.batch import Batch, Item, TargetKind
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from drumbeat.domain.times import iso, iso_or_none

_COUNTED = re.compile("[1-9][0-9]{0,15}", re.ASCII)
MOST_RESULTS_BYTES = 4_000_000
_KINDS = {
    TargetKind.CONTACTS: ("contact", Kind.CONTACT),
    TargetKind.COMPANIES: ("company", Kind.COMPANY),
    TargetKind.CUSTOM_OBJECTS: ("custom_object", Kind.CUSTOM_OBJECT),
    TargetKind.IMPORT: ("contact", Kind.CONTACT),
}


def batch_number(tenant: int, spelled: str) -> int:
    """The number behind a batch's id, in our spelling or as Outreach counts them. Raises NotFound for anything else."""
    number = int(spelled) if _COUNTED.fullmatch(spelled) else resource_number(Kind.BATCH, tenant, spelled)
    if number is None:
        raise NotFound("batch")
    return number


def batch_body(batch: Batch) -> dict[str, Any]:
    """A batch and how far it is."""
    return {
        "id": resource_uuid(Kind.BATCH, batch.tenant, batch.number),
        "action": batch.action,
        "state": batch.state.value,
        "open": batch.is_open,
        "total": batch.total,
        "pending": batch.pending,
        "succeeded": batch.processed - batch.failures,
        "failures": batch.failures,
        "failures_by_code": dict(sorted(batch.failures_by_code.items())),
        "canceled": batch.canceled,
        "created_at": iso(batch.created_at),
        "confirmed_at": iso_or_none(batch.confirmed_at),
        "started_at": iso_or_none(batch.started_at),
        "finished_at": iso_or_none(batch.finished_at),
        "canceled_at": iso_or_none(batch.canceled_at),
    }


def result_lines(tenant: int, items: Iterable[Item]) -> str:
    """NDJSON: an item a line, as many as fit an answer."""
    return "".join(_fitting(f"{json.dumps(_result(tenant, item))}\n" for item in items))


def _fitting(lines: Iterable[str]) -> Iterator[str]:
    size = 0
    for line in lines:
        size += len(line)
        if size > MOST_RESULTS_BYTES:
            return
        yield line


def _result(tenant: int, item: Item) -> dict[str, Any]:
    if item.name is not None:
        return {"index": item.index, "type": "enrollment", "id": item.name} | _became(item)
    name, kind = _KINDS[item.kind]
    return {
        "index": item.index,
        "type": name,
        "id": resource_uuid(kind, tenant, item.target),
    } | _became(item)


def _became(item: Item) -> dict[str, Any]:
    return {"state": item.state.value, "code": item.outcome.code, "text": item.outcome.text}
