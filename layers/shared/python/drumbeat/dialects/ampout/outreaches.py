"""AmpOut's outreaches (contract 2.2, A5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.ampout.campaigns import totals_body
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Progress
    from drumbeat.domain.program import Program
    from drumbeat.domain.sequence import Sequence


def outreach_body(program: Program) -> dict[str, Any]:
    """An outreach."""
    return {
        "id": resource_uuid(Kind.PROGRAM, program.tenant, program.number),
        "name": program.name,
        "unique_contacts": program.unique_contacts,
    }


def outreach_row(program: Program) -> dict[str, Any]:
    """An outreach as lists show it."""
    return outreach_body(program) | {"created_at": iso(program.created_at)}


def outreach_with_campaigns(
    program: Program, campaigns: Iterable[Sequence], counts: Counter[Progress]
) -> dict[str, Any]:
    """An outreach with its campaigns and their totals."""
    return outreach_row(program) | {
        "totals": totals_body(counts),
        "campaigns": [
            {
                "id": resource_uuid(Kind.SEQUENCE, campaign.tenant, campaign.number),
                "name": campaign.name,
                "status": campaign.status.value,
            }
            for campaign in campaigns
        ],
    }
