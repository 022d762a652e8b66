"""What happened, as our own API lists it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from drumbeat.application.list_events import EventPage, EventSearch
from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.dialects.query import choice, whole
from drumbeat.domain.digest import digest
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.event import EventKind, instant_of
from drumbeat.domain.ids import Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.times import DAY, iso, iso_or_none

if TYPE_CHECKING:
    from drumbeat.domain.logged_event import LoggedEvent

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


def event_body(event: LoggedEvent) -> dict[str, Any]:
    """One event; `step` is the position of the mail that it is about, `status` how far the enrollment had come then."""
    return {
        "id": event.id,
        "type": event.kind.value,
        "occurredAt": iso(event.at),
        "loggedAt": iso(event.logged_at),
        "sequenceId": _id(Kind.SEQUENCE, event.tenant, event.sequence),
        "senderId": _id(Kind.SENDER, event.tenant, event.sender),
        "step": None if event.step is None else event.step + 1,
        "first": event.first,
        "isMail": event.is_mail,
        "isSync": event.is_sync,
        "reason": event.reason,
        "senderEmail": event.sender_email,
        "enrollment": _enrollment_body(event),
    }


def _enrollment_body(event: LoggedEvent) -> dict[str, Any] | None:
    then = event.enrollment
    if then is None:
        return None
    return {
        "id": enrollment_uuid(event.tenant, then.key),
        "contactId": _id(Kind.CONTACT, event.tenant, then.contact),
        "contactEmail": then.contact_email,
        "externalId": then.external_id,
        "status": then.progress.value,
        "sentAt": iso_or_none(then.sent_at),
        "openedAt": iso_or_none(then.opened_at),
        "repliedAt": iso_or_none(then.replied_at),
        "bouncedAt": iso_or_none(then.bounced_at),
        "bounceReason": then.bounce_reason,
        "unsubscribedAt": iso_or_none(then.unsubscribed_at),
    }


def _id(kind: Kind, tenant: int, number: int | None) -> str | None:
    """Nothing has the number 0: it stands for a sender that is not known."""
    return resource_uuid(kind, tenant, number) if number else None
