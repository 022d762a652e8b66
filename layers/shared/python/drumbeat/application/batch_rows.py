"""Batches whose items are rows that the caller hands in, each with arguments of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from drumbeat.domain.batch import CHUNK, Batch, Chunk
from drumbeat.domain.errors import StoreBusy

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches

_CHUNK_BYTES = 300_000


def cut_rows(first: int, arguments: Sequence[Mapping[str, Any]]) -> Iterator[Chunk]:
    """Chunks of a hundred rows, of fewer where rows are so long that an item would not hold them.

    `first` is the index of the first row. Each row's arguments have a `name`.
    """
    part: list[Mapping[str, Any]] = []
    size = 0
    for argument in arguments:
        length = len(json.dumps(argument, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if part and (len(part) == CHUNK or size + length > _CHUNK_BYTES):
            yield _chunk(first, part)
            first, part, size = first + len(part), [], 0
        part.append(argument)
        size += length
    if part:
        yield _chunk(first, part)


def _chunk(first: int, arguments: Sequence[Mapping[str, Any]]) -> Chunk:
    return Chunk(first, tuple(range(first, first + len(arguments))), arguments=tuple(arguments))


def arguments_of(batches: Batches, batch: Batch, rows: Sequence[int]) -> list[Mapping[str, Any]]:
    """The arguments of neighbouring rows of one chunk. Raises StoreBusy if it has been settled: only names are left."""
    found = batches.with_chunk(batch.tenant, batch.number, rows[0])
    chunk = next(batches.chunks(batch, first=rows[0])) if found is None else found[1]
    if chunk.state.settled:
        raise StoreBusy("Another worker has settled these rows.")
    return [chunk.arguments[row - chunk.first] for row in rows]
