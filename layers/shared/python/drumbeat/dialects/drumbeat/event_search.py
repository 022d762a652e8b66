"""Which events our own API is asked for, and a page of them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from drumbeat.application.list_events import EventPage, EventSearch
from drumbeat.dialects.drumbeat.events import event_body
from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.dialects.query import choice, whole
from drumbeat.domain.digest import digest
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.event import EventKind, instant_of
from drumbeat.domain.times import DAY

_USUALLY, _MOST = 7 * DAY, 31 * DAY
_LIMIT, _HIGHEST_LIMIT = 100, 1_000
_MARK_LENGTH = 16
_INSTANT: TypeAdapter[Any] = TypeAdapter(Instant)


def search_of(tenant: int, query: Mapping[str, str], now: int) -> EventSearch:
    """The search that the parameters spell: the last seven days, where they name no others. Raises ValidationFailed."""
    last = _instant(query, "to", now)
    first = _instant(query, "from", last - _USUALLY)
    if not first <= last <= first + _MOST:
        raise invalid_field("from", "must be before `to`, by 31 days at most")
    kind = choice(query, "type", tuple(kind.value for kind in EventKind))
    cursor = query.get("cursor") or None
    return EventSearch(
        tenant=tenant,
        first=first,
        last=last,
        limit=whole(query, "limit", default=_LIMIT, low=1, high=_HIGHEST_LIMIT) or _LIMIT,
        kind=None if kind is None else EventKind(kind),
        after=None if cursor is None else _read_cursor(tenant, cursor),
    )


def _instant(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name) or None
    try:
        instant = default if text is None else milliseconds(_INSTANT.validate_python(text))
    except ValidationError as error:
        raise invalid_field(name, "must be an instant such as 2026-12-01T09:00:00Z") from error
    if instant < 0:
        raise invalid_field(name, "must not be before 1970")
    return instant


def _cursor(tenant: int, event_id: str) -> str:
    return base64.urlsafe_b64encode(f"{_mark(tenant, event_id)}{event_id}".encode()).decode().rstrip("=")


def _read_cursor(tenant: int, text: str) -> str:
    """The id that the cursor holds. Raises ValidationFailed for what is no cursor of this tenant."""
    try:
        told = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise _no_cursor() from error
    mark, event_id = told[:_MARK_LENGTH], told[_MARK_LENGTH:]
    if instant_of(event_id) is None or mark != _mark(tenant, event_id):
        raise _no_cursor()
    return event_id


def _mark(tenant: int, event_id: str) -> str:
    return digest(f"{tenant}/{event_id}")[:_MARK_LENGTH]


def _no_cursor() -> Exception:
    return invalid_field("cursor", "must be the nextCursor of an earlier answer")


def page_body(tenant: int, page: EventPage) -> dict[str, Any]:
    """The events, oldest first, and where the next page begins."""
    return {
        "events": [event_body(event) for event in page.events],
        "nextCursor": None if page.after is None else _cursor(tenant, page.after),
    }
