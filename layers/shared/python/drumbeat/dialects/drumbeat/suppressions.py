"""The list of addresses that must not be mailed, as our own API shows it; every row is looked at by itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from drumbeat.dialects.csv_rows import csv_text
from drumbeat.dialects.query import choice
from drumbeat.domain.email import normalized
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.suppression import Suppression, SuppressionReason
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.suppression_list import Listed
_COLUMNS = ("email", "digest", "reason", "source", "since")
_PLACE = re.compile("[0-9]{15}#[0-9a-f]{40}", re.ASCII)
_MESSAGES = {
    "invalid_email": ("emails", "This is not an address that can be mailed."),
    "invalid_reason": ("reason", f"The reason must be one of {', '.join(SuppressionReason)}."),
    "invalid_source": ("source", "The source must be one line of at most 100 characters."),
}


def suppressed_body(good: Iterable[int], bad: Mapping[int, str], added: Sequence[bool]) -> dict[str, Any]:
    """What became of each row: new on the list, on it before, or why it is not."""
    became = dict(zip(good, added, strict=True))
    return {
        "suppressed": len(became),
        "new": [row for row, is_new in became.items() if is_new],
        "known": [row for row, is_new in became.items() if not is_new],
        "rejected": [rejected_row(row, code) for row, code in bad.items()],
    }


def suppression_body(suppression: Suppression) -> dict[str, Any]:
    """A suppressed address; where nobody may know it any more, its digest alone says which."""
    return {
        "email": suppression.email,
        "digest": suppression.digest,
        "reason": suppression.reason,
        "source": suppression.source,
        "since": iso(suppression.since),
    }


def list_body(listed: Listed) -> dict[str, Any]:
    """A part of the list, and the cursor to go on with."""
    return {
        "suppressions": [suppression_body(suppression) for suppression in listed.suppressions],
        "cursor": _spelled(listed.after),
    }


def list_csv(listed: Listed, *, is_first: bool) -> str:
    """A part of the list as CSV; only the first has names of columns, so that all of them together are one file."""
    rows = [list(suppression_body(suppression).values()) for suppression in listed.suppressions]
    return csv_text([_COLUMNS, *rows] if is_first else rows)


def csv_headers(listed: Listed, url: str, query: Mapping[str, str]) -> dict[str, str]:
    """What a part of the file is called and where the next one is."""
    header = "absent" if query.get("cursor") else "present"
    headers = {
        "Content-Type": f"text/csv; charset=utf-8; header={header}",
        "Content-Disposition": 'attachment; filename="suppressions.csv"',
    }
    cursor = _spelled(listed.after)
    if cursor is None:
        return headers
    kept = {name: query[name] for name in ("limit", "reason") if query.get(name)}
    return headers | {"Link": f'<{url}?{urlencode({**kept, "cursor": cursor})}>; rel="next"'}


def reason_asked_for(query: Mapping[str, str]) -> SuppressionReason | None:
    """The parameter `reason`. Raises ValidationFailed."""
    text = choice(query, "reason", tuple(SuppressionReason))
    return None if text is None else SuppressionReason(text)


def email_asked_for(query: Mapping[str, str]) -> str | None:
    """The parameter `email`, normalized. Raises ValidationFailed."""
    text = query.get("email")
    if not text:
        return None
    email = normalized(text)
    if email is None:
        raise invalid_field("email", "is not an e-mail address")
    return email


def place_asked_for(query: Mapping[str, str]) -> str | None:
    """The place that the parameter `cursor` names. Raises ValidationFailed."""
    text = query.get("cursor")
    if not text:
        return None
    try:
        place = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        place = ""
    if not _PLACE.fullmatch(place):
        raise invalid_field("cursor", "is none that this list gave")
    return place


def _spelled(place: str | None) -> str | None:
    return None if place is None else base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def rejected_row(row: int, code: str) -> dict[str, Any]:
    """A row that was not taken, and why."""
    field, message = _MESSAGES[code]
    return {"row": row, "code": code, "field": field, "message": message}
