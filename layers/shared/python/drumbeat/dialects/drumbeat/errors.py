"""Our own envelope: problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.refusal import Refusal, key_in_either_header, split_details
from drumbeat.domain.call_meter import CallLimit
from drumbeat.domain.times import MINUTE

if TYPE_CHECKING:
    from drumbeat.domain.errors import DomainError

STATUSES: Mapping[str, int] = {
    "unauthorized": 401,
    "scope_missing": 403,
    "bad_request": 400,
    "not_found": 404,
    "too_large": 413,
    "validation_failed": 422,
    "too_many_requests": 429,
    "idempotency_key_in_use": 409,
    "idempotency_key_reused": 422,
    "not_parked": 409,
    "batch_over": 409,
    "late": 409,
    "webhook_disabled": 409,
    "cannot_be_mailed": 422,
    "store_busy": 503,
}
_FIELDS = {"sender": "senderId"}
"""What our own API calls the fields that the engine names."""
_MEDIA_TYPE = {"Content-Type": "application/problem+json"}


class Drumbeat:
    """Takes a key in either of the two usual headers."""

    name = "drumbeat"
    replays_whatever_the_body = False
    media_type = "application/json"
    demands_media_type = False
    call_limit = CallLimit(600, MINUTE)
    shows_calls_left = False
    knows_reach = False
    names_unknown_fields = False

    def presented_key(self, headers: Mapping[str, str]) -> str | None:
        """The key of `Authorization: Bearer` or `X-API-Key`."""
        return key_in_either_header(headers)

    def refusal(self, error: DomainError) -> Refusal:
        """The error as a problem document."""
        details, headers = split_details(error)
        if "errors" in details:
            details["errors"] = [_spelled(fault) for fault in details["errors"]]
        status = STATUSES[error.code]
        problem = {
            "type": f"urn:drumbeat:error:{error.code}",
            "title": error.message,
            "status": status,
            "code": error.code,
        }
        return Refusal(status, problem | details, _MEDIA_TYPE | headers)

    def failure(self) -> Refusal:
        """What is said when something broke that nobody foresaw."""
        title = "Something broke on our side. Try again."
        problem = {"type": "urn:drumbeat:error:internal", "title": title, "status": 500, "code": "internal"}
        return Refusal(500, problem, _MEDIA_TYPE)


DRUMBEAT = Drumbeat()


def _spelled(fault: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with a field, under the name that the client knows."""
    return {**fault, "field": _FIELDS.get(fault["field"], fault["field"])}
