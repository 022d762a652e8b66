"""Results of calls, an item each; outcomes and details are JSON: they come back exactly as they were told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.call_result import CallEnded, CallOutcome, NotedCall
from drumbeat.domain.times import DAY, SECOND

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey

_KEPT = 400 * DAY


def call_result_item(tenant: int, key: EnrollmentKey, noted: NotedCall) -> dict[str, Any]:
    """The item as it is kept, for 400 days from when it was noted."""
    partition, sort = keys.call_result(tenant, key, noted.asked)
    return {
        "PK": partition,
        "SK": sort,
        "tenant": tenant,
        "step": noted.step,
        "epoch": noted.epoch,
        "asked": noted.asked,
        "result_type": noted.ended.result_type,
        "outcomes": json.dumps([list(outcome) for outcome in noted.ended.outcomes]),
        "rescheduled_at": noted.ended.rescheduled_at,
        "details": json.dumps(dict(noted.ended.details)),
        "at": noted.at,
        "expires_at": (noted.at + _KEPT) // SECOND,
    }


def call_result_of(item: Mapping[str, Any]) -> NotedCall:
    """The result that `call_result_item` wrote."""
    ended = CallEnded(
        result_type=item["result_type"],
        outcomes=tuple(CallOutcome(*outcome) for outcome in json.loads(item["outcomes"])),
        rescheduled_at=item.get("rescheduled_at"),
        details=json.loads(item["details"]),
    )
    return NotedCall(
        step=item["step"],
        epoch=item["epoch"],
        asked=item["asked"],
        ended=ended,
        at=item["at"],
    )
