"""Outreach's way with keys and refusals (contract 1.1): a list of errors, each pointing at what is at fault."""

from collections.abc import Iterable, Mapping
from typing import Any

from drumbeat.dialects.refusal import Refusal, bearer_key, split_details
from drumbeat.domain.call_meter import CallLimit
from drumbeat.domain.errors import DomainError, NotFound, UnknownLink, ValidationFailed
from drumbeat.domain.times import HOUR

# Our code → (status, id, title). Where the contract has no id, ours is spelled its way [inferred].
KNOWN: Mapping[str, tuple[int, str, str]] = {
    "unauthorized": (401, "unauthorized", "Unauthorized"),
    "scope_missing": (403, "unauthorizedOauthScope", "Unauthorized OAuth Scope"),
    "bad_request": (400, "badRequest", "Bad Request"),
    "too_large": (413, "payloadTooLarge", "Payload Too Large"),
    "unsupported_media_type": (415, "unsupportedMediaType", "Unsupported Media Type"),
    "validation_failed": (422, "validationError", "Validation Error"),
    "idempotency_key_in_use": (409, "idempotencyKeyInUse", "Idempotency Key In Use"),
    "idempotency_key_reused": (422, "idempotencyKeyReused", "Idempotency Key Reused"),
    "too_many_requests": (429, "rateLimitExceeded", "Rate Limit Exceeded"),
    "store_busy": (503, "storeBusy", "Store Busy"),
}
TYPES: Mapping[str, str] = {
    "contact": "prospect",
    "company": "account",
    "sender": "mailbox",
    "enrollment": "sequenceState",
    "step": "sequenceStep",
    "batch_item": "batchItem",
    "custom_object": "customObject",
}
"""What Outreach calls our resources; the others have the same name."""

_POINTERS = {"email_taken": "/data/attributes/emails", "opt_out_stands": "/data/attributes/optedOut"}
_RELATIONS = {
    "owner": "owner",
    "assigned": "assignedUsers",
    "company_number": "account",
    "opportunity": "opportunities",
}
"""What Outreach calls the fields that link to others; the rest are called the same."""


class Outreach:
    """Takes our keys where Outreach takes its access tokens."""

    name = "outreach"
    replays_whatever_the_body = False
    media_type = "application/vnd.api+json"
    demands_media_type = True
    # Contract 1.1: for a user, whose place a key takes.
    call_limit = CallLimit(10_000, HOUR)
    shows_calls_left = True
    knows_reach = False
    names_unknown_fields = False

    def presented_key(self, headers: Mapping[str, str]) -> str | None:
        """The key of `Authorization: Bearer`."""
        return bearer_key(headers)

    def refusal(self, error: DomainError) -> Refusal:
        """The error in Outreach's envelope; what the table does not name is an action that can't be performed."""
        details, headers = split_details(error)
        if isinstance(error, NotFound):
            missing = _error("resourceNotFound", "Resource Not Found", _not_found(error))
            return Refusal(404, _envelope([missing]), headers)
        status, name, title = KNOWN.get(error.code, KNOWN["validation_failed"])
        if isinstance(error, UnknownLink) or error.code in _POINTERS:
            pointed = _error(name, title, error.message) | {"source": {"pointer": _pointer(error)}}
            return Refusal(status, _envelope([pointed]), headers)
        if isinstance(error, ValidationFailed) and details.get("errors"):
            return Refusal(status, _envelope(_field_error(name, title, entry) for entry in details["errors"]), headers)
        return Refusal(status, _envelope([_error(name, title, error.message)]), headers)

    def failure(self) -> Refusal:
        """What is said when something broke that nobody foresaw."""
        text = "Something broke on our side. Try again."
        return Refusal(500, _envelope([_error("internalError", "Internal Error", text)]), {})


OUTREACH = Outreach()


def refused(pointer: str, message: str) -> ValidationFailed:
    """A refusal of one field of the body, as "data.attributes.name"."""
    return ValidationFailed(message, errors=[{"field": pointer, "code": "invalid", "message": message}])


def refused_parameter(name: str, message: str) -> ValidationFailed:
    """A refusal of one query parameter."""
    return ValidationFailed(message, errors=[{"parameter": name, "code": "invalid", "message": message}])


def _pointer(error: DomainError) -> str:
    """The part of the body that is at fault for what only the use case can know."""
    if isinstance(error, UnknownLink):
        return f"/data/relationships/{_RELATIONS.get(error.field, error.field)}"
    return _POINTERS[error.code]


def _not_found(error: NotFound) -> str:
    wanted = TYPES.get(error.kind, error.kind)
    return f"Could not find '{wanted}'" + ("" if error.number is None else f" with ID '{error.number}'") + "."


def _field_error(name: str, title: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if "parameter" in entry:
        source = {"parameter": entry["parameter"]}
    else:
        source = {"pointer": "/" + entry["field"].replace(".", "/") if entry["field"] else ""}
    return _error(name, title, entry["message"]) | {"source": source}


def _error(name: str, title: str, detail: str) -> dict[str, Any]:
    return {"id": name, "title": title, "detail": detail}


def _envelope(errors: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"errors": list(errors)}
