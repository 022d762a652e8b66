"""What can go wrong, as types with stable codes; each dialect maps them to its own envelope."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """An expected refusal.

    `code` is stable and machine-readable, `message` is for a person, `details` holds what a client can act on.
    """

    code = "error"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = details


class Unauthorized(DomainError):
    """The key is missing, malformed, unknown or revoked."""

    code = "unauthorized"


class KeyMissing(Unauthorized):
    """There is no key at all."""


class ScopeMissing(DomainError):
    """The key is good but does not reach this operation."""

    code = "scope_missing"


class BadRequest(DomainError):
    """The request can't be read: not JSON, a hostile body, a broken header."""

    code = "bad_request"


class TooLarge(DomainError):
    """The body is larger than the operation takes."""

    code = "too_large"


class UnsupportedMediaType(DomainError):
    """The request does not say that it is written in the media type which the API asks for."""

    code = "unsupported_media_type"


class ValidationFailed(DomainError):
    """A field's value is not acceptable; `details["errors"]` lists field and reason."""

    code = "validation_failed"


def invalid_field(field: str, message: str) -> ValidationFailed:
    """The refusal of one field, or parameter, for its value."""
    return ValidationFailed(f"{field}: {message}", errors=[{"field": field, "code": "invalid", "message": message}])


class NotFound(DomainError):
    """No such resource for this tenant: missing and foreign ones look the same.

    `kind` names the resource, `number` which one, by its number or by what the caller called it.
    """

    code = "not_found"

    def __init__(self, kind: str, number: int | str | None = None) -> None:
        super().__init__(f"No such {kind}.")
        self.kind = kind
        self.number = number


class TooManyRequests(DomainError):
    """The caller must wait `details["retry_after"]` seconds."""

    code = "too_many_requests"


class AlreadyInProgress(DomainError):
    """The first request with this Idempotency-Key is still running."""

    code = "idempotency_key_in_use"


class NothingToSend(DomainError):
    """The sequence was asked to start sending and has no pending enrollment."""

    code = "nothing_to_send"


class SequenceNotActive(DomainError):
    """Only an active sequence can be paused."""

    code = "sequence_not_active"


class SequenceNotPaused(DomainError):
    """Only a paused sequence can be resumed."""

    code = "sequence_not_paused"


class NobodyToSend(DomainError):
    """The sequence was asked to go on, and every sender of it is switched off."""

    code = "nobody_to_send"


class StillInUse(DomainError):
    """It can't be deleted yet: something that is not over depends on it; the message says what."""

    code = "still_in_use"


class NotParked(DomainError):
    """Only a parked enrollment can be resolved; `details["state"]` is the one it is in."""

    code = "not_parked"


class EnrollmentNotActive(DomainError):
    """Only an active enrollment can be paused or finished; `details["state"]` is the one it is in."""

    code = "enrollment_not_active"


class EnrollmentNotPaused(DomainError):
    """Only a paused enrollment can be resumed; `details["state"]` is the one it is in."""

    code = "enrollment_not_paused"


class EnrollmentOver(DomainError):
    """An enrollment that is over does not change; `details["state"]` is what the caller calls the state it is in."""

    code = "enrollment_terminal_state"


class ExternalIdTaken(DomainError):
    """Another enrollment of the sequence has this external id."""

    code = "lead_external_id_conflict"


class BeingSent(DomainError):
    """A worker is sending a mail of this enrollment, or has died over it: within minutes it can be changed."""

    code = "being_sent"


class AlreadyEnrolled(DomainError):
    """The contact is enrolled in this sequence, or in a sibling of a program with unique contacts."""

    code = "already_enrolled"


class NotAdded(DomainError):
    """The contact was not added to the sequence; `details["reason"]` is the code that a batch's item would have."""

    code = "not_added"


class CannotBeMailed(DomainError):
    """The contact has unsubscribed, has no address, or its domain takes no mail."""

    code = "cannot_be_mailed"


class NoContactsProvided(DomainError):
    """An import came without a single contact."""

    code = "no_contacts_provided"


class LastKey(DomainError):
    """The last active key of a tenant can't be revoked: nobody could come back in."""

    code = "last_key"


class SignupClosed(DomainError):
    """The operator has not opened sign-up."""

    code = "signup_closed"


class EmailTaken(DomainError):
    """Another contact of the tenant has this address."""

    code = "email_taken"


class BatchOver(DomainError):
    """A batch that is finished, failed or canceled stays so; `details["state"]` is the one it is in."""

    code = "batch_over"


class BatchNotConfirming(DomainError):
    """Only a batch that waits for it can be confirmed; `details["state"]` is the one it is in."""

    code = "batch_not_confirming"


class WrongCount(DomainError):
    """The confirmed count is missing or not the number of items; `details["count"]` is that number."""

    code = "wrong_count"


class AgentMisconfigured(DomainError):
    """The agent can't call anybody as it is; the message says what to do about it."""

    code = "agent_misconfigured"


class NoValidRows(DomainError):
    """Not a single row of a call can be taken; `details` tells of each what is wrong with it."""

    code = "no_valid_rows"


class InsufficientCredits(DomainError):
    """What is left of the month's credits does not cover what was asked for.

    `details["needed"]` and `details["available"]` are whole credits.
    """

    code = "insufficient_credits"


class WebhookDisabled(DomainError):
    """Nothing is posted to an endpoint that is disabled."""

    code = "webhook_disabled"


class LateAnswer(DomainError):
    """The tenant's app answers a request that is no longer open."""

    code = "late"


class NoEmailsProvided(DomainError):
    """A test mail was asked for without a single address to send it to."""

    code = "no_emails_provided"


class NothingToTest(DomainError):
    """The step is no mail, its text is yet to be written, or no sender of the sequence is enabled and rested."""

    code = "nothing_to_test"


class PlanLimitReached(DomainError):
    """The tenant has sent what its plan allows in a month.

    `details` has `current_period_sends`, `monthly_limit` and `plan_slug`.
    """

    code = "plan_limit_reached"


class StoreBusy(DomainError):
    """The datastore kept refusing for load; nothing was half-done that a retry would not finish."""

    code = "store_busy"


class IdempotencyKeyReused(DomainError):
    """The Idempotency-Key belongs to a request with another body."""

    code = "idempotency_key_reused"


class OptOutStands(DomainError):
    """The person, or the operator, has stopped mail to this contact or to one of its addresses: no user undoes that."""

    code = "opt_out_stands"


class UnknownLink(DomainError):
    """A record was to be linked to one that does not exist: `field` is the link's, `number` the other's."""

    code = "unknown_link"

    def __init__(self, field: str, number: int) -> None:
        super().__init__(f"There is nothing with number {number} to link to.")
        self.field = field
        self.number = number
