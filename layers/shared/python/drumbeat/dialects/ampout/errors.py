"""AmpOut's way with keys and refusals (contract 2.1): one table from our errors to its codes."""

from collections.abc import Mapping
from typing import Any

from drumbeat.dialects.refusal import Refusal, bearer_key, split_details
from drumbeat.domain.call_meter import CallLimit
from drumbeat.domain.errors import DomainError, NotFound
from drumbeat.domain.times import MINUTE

DOCS = "https://docs.ampout.dev/errors/"
_RESOURCES = {
    "contact": ("contact_not_found", "Contact"),
    "contact_import": ("contact_import_not_found", "Contact import"),
    "program": ("outreach_not_found", "Outreach"),
    "sequence": ("campaign_not_found", "Campaign"),
    "sender": ("smtp_credential_not_found", "SMTP credential"),
    "api_key": ("api_key_not_found", "API key"),
    "webhook": ("webhook_not_found", "Webhook"),
}
# Our code → (status, AmpOut's code). What the contract has no code for keeps ours [inferred].
CODES: Mapping[str, tuple[int, str]] = {
    "unauthorized": (401, "unauthorized"),
    "scope_missing": (403, "scope_missing"),
    "signup_closed": (403, "signup_closed"),
    "bad_request": (400, "bad_request"),
    "too_large": (413, "payload_too_large"),
    "validation_failed": (422, "validation_failed"),
    "email_taken": (422, "validation_failed"),
    "too_many_requests": (429, "rate_limited"),
    "idempotency_key_in_use": (409, "idempotency_key_in_use"),
    "nothing_to_send": (422, "no_pending_enrollments"),
    "sequence_not_active": (422, "campaign_not_active"),
    "sequence_not_paused": (422, "campaign_not_paused"),
    "already_enrolled": (422, "contact_already_enrolled"),
    "cannot_be_mailed": (422, "unprocessable"),
    "no_contacts_provided": (422, "no_contacts_provided"),
    "nobody_to_send": (422, "unprocessable"),
    "still_in_use": (422, "smtp_credential_in_use"),
    "no_emails_provided": (422, "no_emails_provided"),
    "nothing_to_test": (422, "unprocessable"),
    "plan_limit_reached": (402, "plan_limit_reached"),
    "last_key": (422, "cannot_revoke_last_key"),
    "store_busy": (503, "store_busy"),
}

# Where our words would be foreign to a client of AmpOut.
_MESSAGES = {
    "nothing_to_send": "No enrollment of this campaign is pending.",
    "sequence_not_active": "Only an active campaign can be paused.",
    "sequence_not_paused": "Only a paused campaign can be resumed.",
    "nobody_to_send": "Every credential of this campaign is disabled. Reenable or add one, then resume.",
    "still_in_use": "Enrollments are bound to this credential. Finish them, or wait until they are done.",
    "already_enrolled": "The contact is already enrolled in this campaign, or in another one of its outreach.",
}


class Ampout:
    """Takes a key as AmpOut does and words refusals in its envelope."""

    name = "ampout"
    # Contract 2.1: the first answer is replayed verbatim. Another body under the same key changes nothing either.
    replays_whatever_the_body = True
    media_type = "application/json"
    demands_media_type = False
    # Contract 2.1.
    call_limit = CallLimit(60, MINUTE)
    shows_calls_left = False
    knows_reach = False
    names_unknown_fields = False

    def presented_key(self, headers: Mapping[str, str]) -> str | None:
        """The key of `Authorization: Bearer`."""
        return bearer_key(headers)

    def refusal(self, error: DomainError) -> Refusal:
        """The error in AmpOut's envelope."""
        details, headers = split_details(error)
        if isinstance(error, NotFound):
            code, word = _RESOURCES.get(error.kind, ("not_found", "Resource"))
            return Refusal(404, envelope(code, f"{word} not found.", details), headers)
        status, code = CODES[error.code]
        return Refusal(status, envelope(code, _MESSAGES.get(error.code, error.message), details), headers)

    def failure(self) -> Refusal:
        """What is said when something broke that nobody foresaw."""
        return Refusal(500, envelope("internal_error", "Something broke on our side. Try again.", {}), {})


AMPOUT = Ampout()


def envelope(code: str, message: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """AmpOut's error body."""
    return {"code": code, "type": f"{DOCS}{code}", "message": message, "details": dict(details)}
