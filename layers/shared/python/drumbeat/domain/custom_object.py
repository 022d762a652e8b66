"""Custom objects: records of kinds that the tenant makes up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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


def view_of_custom_object(record: CustomObject) -> dict[str, Any]:
    """The record as conditions see it."""
    return {
        **record.fields,
        "number": record.number,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }
