"""MyAgentMail's way with keys and refusals (contract 3.1): what is wrong, and a code; ours, where it prints none."""

from collections.abc import Mapping
from typing import Any

from drumbeat.dialects.refusal import Refusal, key_in_either_header, split_details
from drumbeat.domain.call_meter import CallLimit
from drumbeat.domain.errors import DomainError, NotFound
from drumbeat.domain.times import MINUTE

# What the table does not name is refused for how things stand: 409.
STATUSES: Mapping[str, int] = {
    "unauthorized": 401,
    "scope_missing": 403,
    "bad_request": 400,
    "too_large": 413,
    "validation_failed": 400,
    "unknown_link": 400,
    "cannot_be_mailed": 422,
    "too_many_requests": 429,
    "store_busy": 503,
}
_FIELDS = {"sender": "inboxId", "session": "sessionId"}
"""What MyAgentMail calls the fields that the engine names."""
_CODES = {
    "enrollment_terminal_state": "ENROLLMENT_TERMINAL_STATE",
    "lead_external_id_conflict": "LEAD_EXTERNAL_ID_CONFLICT",
}
"""What MyAgentMail prints codes for (contract 3.5)."""
WORDS: Mapping[str, str] = {"sequence": "cadence", "sender": "inbox", "api_key": "key"}
"""What MyAgentMail calls our resources; the others have the same name."""

# Where our words would be foreign to a client of MyAgentMail.
_MESSAGES = {"sequence_not_active": "The cadence is not enabled, or has no steps yet."}
_RUNNING = (
    "{running} enrollments of this cadence are running (1000: or more). Wait until they are over, or end each by"
    ' PATCH /v1/enrollments/{{id}} with {{"state": "unenrolled"}}.'
)


class MyAgentMail:
    """Takes a key in either of its two headers. A field that it does not know is left out, and named in a header."""

    name = "myagentmail"
    replays_whatever_the_body = False
    media_type = "application/json"
    demands_media_type = False
    # The contract names none [inferred].
    call_limit = CallLimit(600, MINUTE)
    shows_calls_left = False
    knows_reach = True
    names_unknown_fields = True

    def presented_key(self, headers: Mapping[str, str]) -> str | None:
        """The key of `X-API-Key` or `Authorization: Bearer`."""
        return key_in_either_header(headers)

    def refusal(self, error: DomainError) -> Refusal:
        """The error in MyAgentMail's envelope; `details` are the fields at fault, or what else a client can act on."""
        details, headers = split_details(error)
        if "errors" in details:
            details["errors"] = [_spelled(fault) for fault in details["errors"]]
        if isinstance(error, NotFound):
            word = WORDS.get(error.kind, error.kind.replace("_", " "))
            return Refusal(404, envelope("not_found", f"{word.capitalize()} not found.", details), headers)
        message = _RUNNING.format(**details) if "running" in details else _MESSAGES.get(error.code, error.message)
        code = _CODES.get(error.code, error.code)
        return Refusal(STATUSES.get(error.code, 409), envelope(code, message, details), headers)

    def failure(self) -> Refusal:
        """What is said when something broke that nobody foresaw."""
        return Refusal(500, envelope("internal_error", "Something broke on our side. Try again.", {}), {})


MYAGENTMAIL = MyAgentMail()


def envelope(code: str, message: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """MyAgentMail's error body."""
    said = details.get("errors") or dict(details)
    return {"error": message, "code": code} | ({"details": said} if said else {})


def _spelled(fault: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with a field, under the name that the client knows."""
    return {**fault, "field": _FIELDS.get(fault["field"], fault["field"])}
