"""Julian's way with keys and refusals (contract 4.1): a code and a message, and beside them what a client can use."""

from collections.abc import Mapping
from typing import Any

from drumbeat.dialects.julian.scheduled import rejected_row
from drumbeat.dialects.refusal import Refusal, split_details
from drumbeat.domain.call_meter import CallLimit
from drumbeat.domain.errors import DomainError, KeyMissing, NotFound, NoValidRows
from drumbeat.domain.times import SECOND

# Our code → (status, Julian's code). It prints two of them, both for 401; the others are spelled its way [inferred].
CODES: Mapping[str, tuple[int, str]] = {
    "scope_missing": (403, "FORBIDDEN"),
    "bad_request": (400, "BAD_REQUEST"),
    "too_large": (413, "PAYLOAD_TOO_LARGE"),
    "validation_failed": (400, "VALIDATION_ERROR"),
    "too_many_requests": (429, "RATE_LIMIT_EXCEEDED"),
    "idempotency_key_in_use": (409, "IDEMPOTENCY_KEY_IN_USE"),
    "agent_misconfigured": (422, "AGENT_MISCONFIGURED"),
    "no_valid_rows": (400, "NO_VALID_CONTACTS"),
    "insufficient_credits": (402, "INSUFFICIENT_CREDITS"),
    "store_busy": (503, "SERVICE_BUSY"),
}


class Julian:
    """Takes a key in its one header, and an Idempotency-Key on the key alone."""

    name = "julian"
    # Contract 4.4: "dedupes on the key alone, not payload content".
    replays_whatever_the_body = True
    media_type = "application/json"
    demands_media_type = False
    # Contract 4.1.
    call_limit = CallLimit(10, SECOND)
    shows_calls_left = False
    knows_reach = False
    # What it does not know is a variable of the contact.
    names_unknown_fields = False

    def presented_key(self, headers: Mapping[str, str]) -> str | None:
        """The key of `x-api-key`."""
        return headers.get("x-api-key")

    def refusal(self, error: DomainError) -> Refusal:
        """The error in Julian's envelope."""
        details, headers = split_details(error)
        if isinstance(error, NotFound):
            code = f"{error.kind.upper()}_NOT_FOUND"
            return Refusal(404, envelope(code, f"No such {error.kind.replace('_', ' ')}.", details), headers)
        if error.code == "unauthorized":
            code = "UNAUTHORIZED" if isinstance(error, KeyMissing) else "INVALID_API_KEY"
            return Refusal(401, envelope(code, error.message, details), headers)
        if isinstance(error, NoValidRows):
            details = details | {"rejected": [rejected_row(row) for row in error.details["rejected"]]}
        status, code = CODES[error.code]
        return Refusal(status, envelope(code, error.message, details), headers)

    def failure(self) -> Refusal:
        """What is said when something broke that nobody foresaw."""
        return Refusal(500, envelope("INTERNAL_ERROR", "Something broke on our side. Try again.", {}), {})


JULIAN = Julian()


def envelope(code: str, message: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Julian's error body; what a client can act on stands beside its two members."""
    return {"error": code, "message": message, **details}
