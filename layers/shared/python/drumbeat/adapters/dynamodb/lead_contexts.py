"""What the tenant's app is told about a lead: JSON, so that it comes back exactly as it was given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey


def context_item(tenant: int, key: EnrollmentKey, context: Mapping[str, Any]) -> dict[str, Any]:
    """The item beside an enrollment that `has_context`."""
    partition, sort = keys.lead_context(tenant, key)
    return {"PK": partition, "SK": sort, "tenant": tenant, "context": json.dumps(context)}


def context_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The context that lies in the item."""
    found: Mapping[str, Any] = json.loads(item["context"])
    return found
