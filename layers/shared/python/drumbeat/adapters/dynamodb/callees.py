"""Whom an enrollment calls: an item beside it. Variables are JSON, so that they come back exactly as given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.callee import Callee

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey


def callee_item(tenant: int, key: EnrollmentKey, callee: Callee) -> dict[str, Any]:
    """The item beside an enrollment that `has_callee`."""
    partition, sort = keys.callee(tenant, key)
    return {
        "PK": partition,
        "SK": sort,
        "tenant": tenant,
        "name": callee.name,
        "phone": callee.phone,
        "extension": callee.extension or None,
        "variables": json.dumps(dict(callee.variables)),
        "zone": callee.zone,
        "scheduled_at": callee.scheduled_at,
        "group_by": callee.group_by,
    }


def callee_of(item: Mapping[str, Any]) -> Callee:
    """The callee that `callee_item` wrote."""
    return Callee(
        name=item["name"],
        phone=item["phone"],
        extension=item.get("extension", ""),
        variables=json.loads(item["variables"]),
        zone=item["zone"],
        scheduled_at=item.get("scheduled_at"),
        group_by=item.get("group_by"),
    )
