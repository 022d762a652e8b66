"""Drafts: the text of a step of an enrollment, beside the enrollment, which says whether it has been delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.draft import Draft

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey


def draft_item(tenant: int, enrollment: EnrollmentKey, step: int, draft: Draft, *, expires_at: int) -> dict[str, Any]:
    """The draft as it is kept; `expires_at` is in seconds."""
    partition, sort = keys.draft(tenant, enrollment, step)
    return {
        "PK": partition,
        "SK": sort,
        "tenant": tenant,
        "subject": draft.subject,
        "text": draft.text,
        "expires_at": expires_at,
    }


def draft_of(item: Mapping[str, Any]) -> Draft:
    """The draft that `draft_item` wrote."""
    return Draft(item["text"], item.get("subject"))
