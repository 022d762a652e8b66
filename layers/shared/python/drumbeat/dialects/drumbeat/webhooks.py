"""What AmpOut's webhooks do not have: all attempts with what is still to come, replays, tests."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from drumbeat.application.replay_events import Replayed, Span
from drumbeat.dialects.ampout.events import delivery_uuid
from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.event import instant_of
from drumbeat.domain.logged_event import EVENTS_KEPT
from drumbeat.domain.times import iso
from drumbeat.domain.webhook_delivery import Delivery, DeliveryState

_LIKE_AN_ID = re.compile("evt_[0-9a-z]{1,60}")
_LONGEST_SPAN = timedelta(milliseconds=EVENTS_KEPT)

type EventId = Annotated[str, Field(max_length=64)]


class ReplayRequest(BaseModel):
    """POST /drumbeat/v1/webhooks/{webhook_id}/replay: one event, or a span of them."""

    event_id: Annotated[EventId | None, Field(alias="eventId")] = None
    first: Annotated[Instant | None, Field(alias="from")] = None
    last: Annotated[Instant | None, Field(alias="to")] = None
    types: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=50)] = []
    cursor: EventId | None = None

    @model_validator(mode="after")
    def _asks_for_one_thing(self) -> Self:
        spans = self.first is not None and self.last is not None
        if (self.event_id is not None) == spans:
            raise ValueError("either eventId, or from and to")
        if self.first is not None and self.last is not None and self.last - self.first > _LONGEST_SPAN:
            raise ValueError("from and to: 90 days apart at most, events are kept no longer")
        if self.cursor is not None and instant_of(self.cursor) is None:
            raise ValueError("cursor: is not one of ours")
        return self

    def span(self) -> Span:
        """The span that is asked for. Raises ValidationFailed if it has no beginning or no end."""
        if self.first is None or self.last is None:
            raise invalid_field("from", "from and to go together")
        return Span(milliseconds(self.first), milliseconds(self.last), self.types, self.cursor)


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
