"""What AmpOut's webhooks do not have: all attempts with what is still to come, replays, tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.ampout.events import delivery_uuid
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.times import iso
from drumbeat.domain.webhook_delivery import Delivery, DeliveryState

if TYPE_CHECKING:
    from drumbeat.application.replay_events import Replayed

_LIKE_AN_ID = re.compile("evt_[0-9a-z]{1,60}")


def replayed_body(replayed: Replayed) -> dict[str, Any]:
    """How many events are on their way; with a `cursor` there are more, which another call with it sends."""
    return {"events": replayed.events, "cursor": replayed.after}


def last_seen(query: Mapping[str, str]) -> str | None:
    """The event behind which a list goes on, by the parameter `after`. Raises ValidationFailed for what is no id."""
    after = query.get("after") or None
    if after is not None and not _LIKE_AN_ID.fullmatch(after):
        raise invalid_field("after", "must be the eventId of a delivery")
    return after


def delivery_body(delivery: Delivery) -> dict[str, Any]:
    """An event on its way to an endpoint, with all attempts that are kept of it."""
    receiver = delivery.receiver
    return {
        "id": delivery_uuid(receiver.tenant, receiver.number, delivery.event),
        "eventId": delivery.event,
        "type": delivery.kind,
        "state": delivery.state.value,
        "due": iso(delivery.due) if delivery.state is DeliveryState.WAITING else None,
        "createdAt": iso(delivery.created_at),
        "attempts": [
            {"at": iso(attempt.at), "status": attempt.status, "error": attempt.error} for attempt in delivery.attempts
        ],
    }
