"""What a table is made of: its keys, its indexes and what those project."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class IndexShape:
    """A global secondary index; `projected` None stands for all attributes."""

    name: str
    hash_name: str
    sort_name: str
    projected: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table whose keys, and whose indexes' keys, are all strings."""

    name: str
    hash_name: str
    sort_name: str | None
    indexes: tuple[IndexShape, ...] = ()


def shape_of(name: str, properties: Mapping[str, Any]) -> TableShape:
    """The shape that a template's AWS::DynamoDB::Table describes."""
    kinds = {entry["AttributeName"]: entry["AttributeType"] for entry in properties["AttributeDefinitions"]}
    if set(kinds.values()) != {"S"}:
        raise NotImplementedError("keys are strings")
    hash_name, sort_name = _keys(properties["KeySchema"])
    own = {hash_name} | ({sort_name} if sort_name else set())
    indexes = [_index(entry, own) for entry in properties.get("GlobalSecondaryIndexes", ())]
    return TableShape(name, hash_name, sort_name, tuple(indexes))


def _index(entry: Mapping[str, Any], own: set[str]) -> IndexShape:
    hash_name, sort_name = _keys(entry["KeySchema"])
    if sort_name is None:
        raise NotImplementedError("indexes are sorted")
    projection = entry["Projection"]
    kept = None
    if projection["ProjectionType"] != "ALL":
        kept = frozenset({hash_name, sort_name} | own | set(projection.get("NonKeyAttributes", ())))
    return IndexShape(entry["IndexName"], hash_name, sort_name, kept)


def _keys(schema: list[dict[str, str]]) -> tuple[str, str | None]:
    by_kind = {entry["KeyType"]: entry["AttributeName"] for entry in schema}
    return by_kind["HASH"], by_kind.get("RANGE")
