"""What batches are about, as Outreach has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.outreach.accounts import ACCOUNTS
from drumbeat.dialects.outreach.custom_objects import custom_objects
from drumbeat.dialects.outreach.prospects import PROSPECTS
from drumbeat.domain.batch import TargetKind

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.collection import Collection

_PLURALS: Mapping[TargetKind, str] = {
    TargetKind.CONTACTS: "prospects",
    TargetKind.COMPANIES: "accounts",
    TargetKind.CUSTOM_OBJECTS: "customObjects",
}
TYPES: Mapping[TargetKind, str] = {
    TargetKind.CONTACTS: "prospect",
    TargetKind.COMPANIES: "account",
    TargetKind.CUSTOM_OBJECTS: "customObject",
    TargetKind.IMPORT: "prospect",
    TargetKind.ROWS: "sequenceState",
}


def plural_of(kind: TargetKind) -> str:
    """What scopes call them."""
    return _PLURALS[kind]


def collection_of(kind: TargetKind, object_name: str | None) -> Collection[Any]:
    """The collection of what a batch is about; only custom objects have a name."""
    match kind:
        case TargetKind.COMPANIES:
            return ACCOUNTS
        case TargetKind.CUSTOM_OBJECTS:
            return custom_objects(object_name or "")
        case _:
            return PROSPECTS
