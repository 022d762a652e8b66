"""What is to be posted again, as our own API is asked for it."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from drumbeat.application.replay_events import Span
from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.event import instant_of
from drumbeat.domain.logged_event import EVENTS_KEPT

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
