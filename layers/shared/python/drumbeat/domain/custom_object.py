"""Custom objects: records of kinds that the tenant makes up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from drumbeat.domain.links import shown_back


@dataclass(frozen=True, slots=True)
class CustomObject:
    """A record of the kind `object_name`: `fields` are what is kept of it. `revision` grows with every write."""

    tenant: int
    number: int
    object_name: str
    created_at: int
    updated_at: int
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    revision: int = 0


def with_values(record: CustomObject, values: Mapping[str, Any]) -> CustomObject:
    """The record with these attributes, whatever they are called; None takes one away. Raises ValidationFailed."""
    return replace(record, fields=shown_back(record.fields, values))


def view_of_custom_object(record: CustomObject) -> dict[str, Any]:
    """The record as conditions see it."""
    return {
        **record.fields,
        "number": record.number,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }
