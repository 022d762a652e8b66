"""Addresses to put on the list and to take off it, as our own API takes them; every row is looked at by itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from drumbeat.application.suppression_list import Lifted, Unwanted
from drumbeat.dialects.drumbeat.suppressions import rejected_row
from drumbeat.dialects.text import Email, Line
from drumbeat.domain.email import normalized
from drumbeat.domain.suppression import SuppressionReason

MOST_ADDED = 1_000
MOST_REMOVED = 200
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
        "rejected": [rejected_row(row, "invalid_email") for row in range(len(request.emails)) if row not in became],
    }


def _addresses(emails: Sequence[Any]) -> Iterator[tuple[int, str]]:
    for row, email in enumerate(emails):
        normal = normalized(email) if isinstance(email, str) else None
        if normal is not None:
            yield row, normal


def _code_of(refusal: ValidationError) -> str:
    faults = {str(error["loc"][0]) for error in refusal.errors(include_url=False) if error["loc"]}
    return next((f"invalid_{field}" for field in ("email", "reason", "source") if field in faults), "invalid_email")
