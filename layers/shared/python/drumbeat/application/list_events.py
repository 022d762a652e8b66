"""What happened to a tenant, so that whoever missed something can catch up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.addressees import Addressees, addressed
from drumbeat.domain.errors import NotFound

if TYPE_CHECKING:
    from drumbeat.application.event_log import EventLog
    from drumbeat.domain.event import EventKind
    from drumbeat.domain.logged_event import LoggedEvent

MOST_LOOKED_AT = 2_000
"""How many events one search looks at; another goes on behind them."""


@dataclass(frozen=True, slots=True)
class EventSearch:
    """Which events of a tenant: from one instant to another, of one kind or any, behind the one with the id `after`."""

    tenant: int
    first: int
    last: int
    limit: int
    kind: EventKind | None = None
    after: str | None = None


class EventPage(NamedTuple):
    """Events, oldest first, and the id of the event behind which the next page begins; None if there is none."""

    events: list[LoggedEvent]
    after: str | None


def list_events(log: EventLog, addressees: Addressees, search: EventSearch) -> EventPage:
    """The next events of a search. A page may hold fewer than asked for, or none, and yet another follow."""
    found, after = _found(log, search)
    return EventPage(addressed(addressees, found), after)


def _found(log: EventLog, search: EventSearch) -> EventPage:
    found: list[LoggedEvent] = []
    there = log.between(search.tenant, search.first, search.last, after=search.after)
    for looked_at, event in enumerate(islice(there, MOST_LOOKED_AT), start=1):
        if search.kind is None or event.kind is search.kind:
            found.append(event)
        if len(found) == search.limit or looked_at == MOST_LOOKED_AT:
            return EventPage(found, event.id)
    return EventPage(found, None)


def get_event(log: EventLog, addressees: Addressees, *, tenant: int, event_id: str) -> LoggedEvent:
    """The event. Raises NotFound."""
    event = log.get(tenant, event_id)
    if event is None:
        raise NotFound("event")
    return addressed(addressees, [event])[0]
