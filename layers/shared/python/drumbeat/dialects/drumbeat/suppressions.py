"""The list of addresses that must not be mailed, as our own API shows it; every row is looked at by itself."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from drumbeat.application.suppression_list import Lifted, Listed, Unwanted
from drumbeat.dialects.csv_rows import csv_text
from drumbeat.dialects.query import choice
from drumbeat.dialects.text import Email, Line
from drumbeat.domain.email import normalized
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.suppression import Suppression, SuppressionReason
from drumbeat.domain.times import iso

MOST_ADDED = 1_000
MOST_REMOVED = 200
_COLUMNS = ("email", "digest", "reason", "source", "since")
_PLACE = re.compile("[0-9]{15}#[0-9a-f]{40}", re.ASCII)
_MESSAGES = {
    "invalid_email": ("emails", "This is not an address that can be mailed."),
    "invalid_reason": ("reason", f"The reason must be one of {', '.join(SuppressionReason)}."),
    "invalid_source": ("source", "The source must be one line of at most 100 characters."),
}
_OWN_WISH = "The recipient wanted this: it is undone with recipientAsked only."

type Source = Annotated[Line, StringConstraints(max_length=100)]


class _Row(BaseModel):
    """An address with a reason and a source of its own."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    reason: SuppressionReason | None = None
    source: Source | None = None


class SuppressRequest(BaseModel):
    """POST /drumbeat/v1/suppressions. A row is an address, or an object; what it does not say the call says for it."""

    emails: Annotated[list[Any], Field(min_length=1, max_length=MOST_ADDED)]
    reason: SuppressionReason = SuppressionReason.MANUAL
    source: Source = "api"

    def read(self) -> tuple[dict[int, Unwanted], dict[int, str]]:
        """The good rows, and what is wrong with each of the others, as a code."""
        good: dict[int, Unwanted] = {}
        bad: dict[int, str] = {}
        for place, row in enumerate(self.emails):
            try:
                found = _Row.model_validate(row if isinstance(row, dict) else {"email": row})
            except ValidationError as refusal:
                bad[place] = _code_of(refusal)
            else:
                good[place] = Unwanted(found.email, found.reason or self.reason, found.source or self.source)
        return good, bad


class UnsuppressRequest(BaseModel):
    """POST /drumbeat/v1/suppressions/remove"""

    model_config = ConfigDict(extra="forbid")

    emails: Annotated[list[Any], Field(min_length=1, max_length=MOST_REMOVED)]
    recipient_asked: Annotated[bool, Field(alias="recipientAsked", strict=True)] = False

    def addresses(self) -> dict[int, str]:
        """The rows that are addresses, normalized."""
        return dict(_addresses(self.emails))


def suppressed_body(good: Iterable[int], bad: Mapping[int, str], added: Sequence[bool]) -> dict[str, Any]:
    """What became of each row: new on the list, on it before, or why it is not."""
    became = dict(zip(good, added, strict=True))
    return {
        "suppressed": len(became),
        "new": [row for row, is_new in became.items() if is_new],
        "known": [row for row, is_new in became.items() if not is_new],
        "rejected": [_rejected(row, code) for row, code in bad.items()],
    }


def unsuppressed_body(request: UnsuppressRequest, became: Mapping[int, Lifted]) -> dict[str, Any]:
    """What became of each row."""
    return {
        "removed": [row for row, outcome in became.items() if outcome is Lifted.REMOVED],
        "notSuppressed": [row for row, outcome in became.items() if outcome is Lifted.NOT_SUPPRESSED],
        "refused": [
            {"row": row, "code": outcome.value, "message": _OWN_WISH}
            for row, outcome in became.items()
            if outcome is Lifted.RECIPIENTS_OWN
        ],
        "rejected": [_rejected(row, "invalid_email") for row in range(len(request.emails)) if row not in became],
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


def _addresses(emails: Sequence[Any]) -> Iterator[tuple[int, str]]:
    for row, email in enumerate(emails):
        normal = normalized(email) if isinstance(email, str) else None
        if normal is not None:
            yield row, normal


def _code_of(refusal: ValidationError) -> str:
    faults = {str(error["loc"][0]) for error in refusal.errors(include_url=False) if error["loc"]}
    return next((f"invalid_{field}" for field in ("email", "reason", "source") if field in faults), "invalid_email")


def _rejected(row: int, code: str) -> dict[str, Any]:
    field, message = _MESSAGES[code]
    return {"row": row, "code": code, "field": field, "message": message}
