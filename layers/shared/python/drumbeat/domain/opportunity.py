"""Opportunities: deals that contacts are linked to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal. `fields` are shown back as they were given. `revision` grows with every write."""

    tenant: int
    number: int
    name: str
    created_at: int
    updated_at: int
    owner: int | None = None
    company_number: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    revision: int = 0


def view_of_opportunity(opportunity: Opportunity) -> dict[str, Any]:
    """The opportunity as conditions see it."""
    return {
        **opportunity.fields,
        "number": opportunity.number,
        "name": opportunity.name,
        "owner": opportunity.owner,
        "company_number": opportunity.company_number,
        "created_at": opportunity.created_at,
        "updated_at": opportunity.updated_at,
    }
