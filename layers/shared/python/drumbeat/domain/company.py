"""Companies: what contacts belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from drumbeat.domain.condition import any_of


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation. Only those that are `named` stand in lists, and within reach of what is done to all.

    `owner` and `assigned` are users. `fields` are shown back as they were given. `revision` grows with every write.
    """

    tenant: int
    number: int
    created_at: int
    updated_at: int
    name: str | None = None
    domain: str | None = None
    custom_id: str | None = None
    named: bool = True
    owner: int | None = None
    assigned: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    touched_at: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    revision: int = 0


LISTED = any_of("named", True)
"""What lists, and what is done to all, take for granted."""


def view_of_company(company: Company) -> dict[str, Any]:
    """The company as conditions see it; `texts` is what a search by prefix looks at."""
    return {
        **company.fields,
        "number": company.number,
        "name": company.name,
        "domain": company.domain,
        "custom_id": company.custom_id,
        "named": company.named,
        "owner": company.owner,
        "assigned": company.assigned,
        "tags": company.tags,
        "touched_at": company.touched_at,
        "created_at": company.created_at,
        "updated_at": company.updated_at,
        "texts": tuple(text for text in (company.name, company.domain) if text),
    }
