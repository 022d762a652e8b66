"""AmpOut's contract (part 2) as data: endpoints, fields of answers and requests, refusals.

Read from the text of the contract, not from the code.
A path is spelled as the contract spells it. A type is one of the words of `TYPES`; a leading `?` allows null.
"""

from dataclasses import dataclass, field
from typing import Any

type Shape = dict[str, Any]

ENROLLMENT_STATUSES = ("pending", "sent", "opened", "replied", "bounced")
SKIP_KINDS = ("mx_invalid", "cross_campaign_duplicate", "already_enrolled")
SIBLING_REASON = "Already enrolled in another campaign in this outreach"
ERROR_TYPE = "https://docs.ampout.dev/errors/"

_KEY = {
    "id": "uuid", "prefix": "text", "label": "?text", "client_kind": "text", "last_used_at": "?instant",
    "created_at": "instant",
}  # fmt: skip
_TOTALS = dict.fromkeys(ENROLLMENT_STATUSES, "count")
_CREDENTIAL = {
    "id": "uuid", "from_email": "text", "from_name": "text", "smtp_host": "text", "smtp_port": "count",
    "daily_limit": "count",
}  # fmt: skip
_CONTACT = {
    "id": "uuid", "email": "text", "first_name": "?text", "company": "?text", "unsubscribed_at": "?instant",
    "created_at": "instant",
}  # fmt: skip
_IMPORT = {"id": "uuid", "name": "text", "record_count": "count"}
_OUTREACH = {"id": "uuid", "name": "text", "unique_contacts": "flag"}
_CAMPAIGN = {"id": "uuid", "status": "campaign_status"}
_WEBHOOK = {
    "id": "uuid", "url": "text", "event_filters": "texts", "disabled_at": "?instant", "consecutive_failures": "count",
    "created_at": "instant",
}  # fmt: skip
_PLAN = {"slug": "text", "name": "text", "tier": "text", "monthly_limit": "?count"}
_PERIOD = {"start": "instant", "end": "instant", "sends_count": "count"}
_NOTHING: Shape = {}


@dataclass(frozen=True)
class Route:
    """One line of table 2.2. `shape` is what an object of the answer must hold, `extra` what we add on purpose."""

    method: str
    path: str
    operation: str
    status: int
    shape: Shape = field(default_factory=dict)
    is_list: bool = False
    extra: tuple[str, ...] = ()


ROUTES = (
    Route("POST", "/signup", "signup", 201, extra=("account", "api_key")),
    Route("GET", "/api_keys", "list_api_keys", 200, _KEY, is_list=True, extra=("scopes",)),
    Route("POST", "/api_keys", "create_api_key", 201, _KEY | {"plaintext": "key"}, extra=("scopes",)),
    Route("DELETE", "/api_keys/:id", "delete_api_key", 204),
    Route("GET", "/outreaches", "list_outreaches", 200, _OUTREACH | {"created_at": "instant"}, is_list=True),
    Route("POST", "/outreaches", "create_outreach", 201, _OUTREACH),
    Route(
        "GET", "/outreaches/:id", "get_outreach", 200,
        _OUTREACH | {
            "created_at": "instant",
            "totals": _TOTALS,
            "campaigns": [{"id": "uuid", "name": "text", "status": "campaign_status"}],
        },
    ),
    Route("PATCH", "/outreaches/:id", "update_outreach", 200, _OUTREACH, extra=("created_at",)),
    Route(
        "GET", "/campaigns", "list_campaigns", 200, _CAMPAIGN | {"name": "text", "created_at": "instant"},
        is_list=True,
    ),
    Route("POST", "/campaigns", "create_campaign", 201, _CAMPAIGN),
    Route(
        "GET", "/campaigns/:id", "get_campaign", 200, {"totals": _TOTALS},
        extra=(
            "rates", "id", "name", "status", "created_at", "outreach_id", "min_wait_seconds", "max_wait_seconds",
            "verify_email_mx", "bounce_rate_threshold", "track_clicks", "smtp_credentials", "sequence_steps",
        ),
    ),
    Route("POST", "/campaigns/:id/dispatch", "dispatch_campaign", 200, extra=("id", "status")),
    Route("POST", "/campaigns/:id/pause", "pause_campaign", 200, extra=("id", "status")),
    Route("POST", "/campaigns/:id/resume", "resume_campaign", 200, extra=("id", "status")),
    Route("POST", "/campaigns/:id/test_send", "test_send", 200, extra=("sent", "results")),
    Route(
        "POST", "/campaigns/:campaign_id/enroll", "enroll", 200,
        {
            "enrolled": "count", "batches": "count", "batch_size": "count",
            "skipped": [{"contact_id": "uuid", "email": "text", "reason": "text"}],
        },
    ),
    Route(
        "POST", "/campaigns/:campaign_id/enroll_contact", "enroll_contact", 200,
        {"id": "uuid", "contact_id": "uuid", "batch_number": "count", "status": "enrollment_status"},
    ),
    Route(
        "GET", "/campaigns/:campaign_id/enrollments", "list_enrollments", 200,
        {
            "id": "uuid", "contact_id": "uuid", "smtp_credential_id": "?uuid", "status": "enrollment_status",
            "batch_number": "count", "sent_at": "?instant", "opened_at": "?instant", "replied_at": "?instant",
            "bounce_reason": "?text",
        },
        is_list=True,
    ),
    Route(
        "GET", "/campaigns/:campaign_id/replies", "list_replies", 200,
        {
            "id": "uuid", "contact_id": "uuid", "smtp_credential_id": "?uuid", "status": "enrollment_status",
            "batch_number": "count", "sent_at": "?instant", "opened_at": "?instant", "replied_at": "?instant",
            "bounce_reason": "?text", "hours_to_reply": "hours",
        },
        is_list=True,
    ),
    Route(
        "GET", "/campaigns/:campaign_id/skips", "list_skips", 200, {"kind": "skip_kind"}, is_list=True,
        extra=("id", "campaign_id", "contact_id", "email", "reason", "created_at"),
    ),
    Route(
        "POST", "/campaigns/:campaign_id/smtp_credentials", "create_smtp_credential", 201, _CREDENTIAL,
        extra=("label", "disabled_at"),
    ),
    Route(
        "PATCH", "/campaigns/:campaign_id/smtp_credentials/:id", "update_smtp_credential", 200, _CREDENTIAL,
        extra=("label", "disabled_at"),
    ),
    Route("DELETE", "/campaigns/:campaign_id/smtp_credentials/:id", "delete_smtp_credential", 204),
    Route(
        "POST", "/campaigns/:campaign_id/smtp_credentials/:credential_id/reenable", "reenable_smtp_credential", 200,
        {"id": "uuid", "from_email": "text", "status": "enabled"},
    ),
    Route("POST", "/contact_imports", "create_contact_import", 201, _IMPORT),
    Route("GET", "/contact_imports", "list_contact_imports", 200, _IMPORT | {"created_at": "instant"}, is_list=True),
    Route(
        "GET", "/contact_imports/:id", "get_contact_import", 200,
        _IMPORT | {"created_at": "instant", "contact_count": "count"},
    ),
    Route(
        "GET", "/contact_imports/:id/contacts", "list_contact_import_contacts", 200, _CONTACT, is_list=True,
        extra=("last_name",),
    ),
    Route("DELETE", "/contact_imports/:id", "delete_contact_import", 204),
    Route(
        "GET", "/contacts/:id", "get_contact", 200,
        _CONTACT | {
            "last_name": "?text",
            "enrollments": [
                {
                    "id": "uuid", "campaign_id": "uuid", "status": "enrollment_status", "batch_number": "count",
                    "sent_at": "?instant",
                }
            ],
        },
    ),
    Route("PATCH", "/contacts/:id", "update_contact", 200, _CONTACT | {"last_name": "?text"}),
    Route("DELETE", "/contacts/:id", "delete_contact", 204),
    Route("GET", "/webhooks", "list_webhooks", 200, _WEBHOOK, is_list=True),
    Route("POST", "/webhooks", "create_webhook", 201, _WEBHOOK | {"secret": "secret"}),
    Route("PATCH", "/webhooks/:id", "update_webhook", 200, _WEBHOOK),
    Route("POST", "/webhooks/:id/rotate_secret", "rotate_webhook_secret", 200, {"id": "uuid", "secret": "secret"}),
    Route("DELETE", "/webhooks/:id", "delete_webhook", 204),
    Route(
        "GET", "/webhooks/:id/deliveries", "list_webhook_deliveries", 200,
        {
            "id": "uuid", "event_type": "text", "attempt": "count", "status_code": "count", "error": "?text",
            "delivered_at": "?instant", "created_at": "instant",
        },
        is_list=True,
    ),
    Route("GET", "/billing/subscription", "get_subscription", 200, {"plan": _PLAN, "period": _PERIOD}),
    Route(
        "GET", "/billing/usage", "get_billing_usage", 200, {"plan": _PLAN, "period": _PERIOD, "history": [_PERIOD]},
    ),
    Route("GET", "/usage", "get_traffic", 200, extra=("period", "calls", "by_client_kind")),
)  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """One line of the error tables: what an operation refuses, how, and `when` (the name of a trigger)."""

    operation: str
    status: int
    code: str
    when: str


def _each(operations: str, status: int, code: str, when: str) -> tuple[Refused, ...]:
    return tuple(Refused(operation, status, code, when) for operation in operations.split())


_ON_CAMPAIGN = (
    "get_campaign dispatch_campaign pause_campaign resume_campaign enroll enroll_contact list_enrollments list_replies "
    "list_skips test_send create_smtp_credential update_smtp_credential delete_smtp_credential "
    "reenable_smtp_credential"
)
_ON_IMPORT = "get_contact_import list_contact_import_contacts delete_contact_import"
REFUSALS = (
    *_each(" ".join(r.operation for r in ROUTES if r.operation != "signup"), 401, "unauthorized", "no key"),
    *_each(" ".join(r.operation for r in ROUTES if r.operation != "signup"), 401, "unauthorized", "malformed key"),
    *_each(" ".join(r.operation for r in ROUTES if r.operation != "signup"), 401, "unauthorized", "revoked key"),
    *_each(" ".join(r.operation for r in ROUTES if r.method in {"POST", "PATCH"}), 400, "bad_request", "not JSON"),
    *_each(_ON_CAMPAIGN, 404, "campaign_not_found", "unknown campaign_id"),
    *_each("get_contact update_contact delete_contact", 404, "contact_not_found", "unknown contact_id"),
    *_each(_ON_IMPORT, 404, "contact_import_not_found", "unknown import_id"),
    *_each("get_outreach update_outreach", 404, "outreach_not_found", "unknown outreach_id"),
    *_each(
        "update_smtp_credential delete_smtp_credential reenable_smtp_credential",
        404,
        "smtp_credential_not_found",
        "unknown credential_id",
    ),
    Refused("delete_api_key", 404, "api_key_not_found", "unknown key_id"),
    *_each(
        "update_webhook delete_webhook rotate_webhook_secret list_webhook_deliveries",
        404,
        "webhook_not_found",
        "unknown webhook_id",
    ),
    Refused("create_webhook", 422, "validation_failed", "no url"),
    Refused("create_webhook", 422, "validation_failed", "an unknown event"),
    Refused("update_webhook", 422, "validation_failed", "disabled by hand"),
    Refused("enroll", 404, "contact_import_not_found", "body names an unknown import"),
    Refused("enroll_contact", 404, "contact_not_found", "body names an unknown contact"),
    Refused("create_campaign", 404, "outreach_not_found", "body names an unknown outreach"),
    Refused("create_outreach", 422, "validation_failed", "no name"),
    Refused("update_outreach", 422, "validation_failed", "empty name"),
    Refused("create_campaign", 422, "validation_failed", "no steps"),
    Refused("create_campaign", 422, "validation_failed", "no credentials"),
    Refused("create_contact_import", 422, "validation_failed", "no name"),
    Refused("create_contact_import", 422, "no_contacts_provided", "no contacts"),
    Refused("create_contact_import", 422, "no_contacts_provided", "contacts left out"),
    Refused("create_smtp_credential", 422, "validation_failed", "no host"),
    Refused("update_smtp_credential", 422, "validation_failed", "port zero"),
    Refused("update_contact", 422, "validation_failed", "bad e-mail"),
    Refused("update_contact", 422, "validation_failed", "duplicate"),
    Refused("dispatch_campaign", 422, "no_pending_enrollments", "nothing to send"),
    Refused("pause_campaign", 422, "campaign_not_active", "not active"),
    Refused("resume_campaign", 422, "campaign_not_paused", "not paused"),
    Refused("enroll_contact", 422, "contact_already_enrolled", "twice"),
    Refused("delete_api_key", 422, "cannot_revoke_last_key", "last key"),
    Refused("test_send", 422, "no_emails_provided", "no addresses"),
    Refused("test_send", 422, "no_emails_provided", "addresses left out"),
    *_each("dispatch_campaign resume_campaign test_send", 402, "plan_limit_reached", "plan limit"),
    Refused("signup", 429, "rate_limited", "too often"),
)


@dataclass(frozen=True)
class Given:
    """One field of a request. `default` is what shows when it is left out; None where the contract names none."""

    operation: str
    wrapper: str
    name: str
    is_required: bool
    default: Any = None


def _fields(operation: str, wrapper: str, required: str, **optional: Any) -> tuple[Given, ...]:
    asked = tuple(Given(operation, wrapper, name, is_required=True) for name in required.split())
    return asked + tuple(Given(operation, wrapper, name, False, default) for name, default in optional.items())


FIELDS = (
    *_fields("signup", "", "email name"),
    *_fields("create_api_key", "", "", label=None, client_kind="direct"),
    *_fields("create_outreach", "outreach", "name", unique_contacts=None),
    *_fields(
        "create_campaign",
        "campaign",
        "name smtp_credentials sequence_steps",
        outreach_id=None,
        min_wait_seconds=120,
        max_wait_seconds=420,
        verify_email_mx=False,
        bounce_rate_threshold=8.0,
    ),
    *_fields(
        "create_smtp_credential",
        "smtp_credential",
        "smtp_host smtp_port smtp_username smtp_password from_name from_email daily_limit",
        label=None,
    ),
    *_fields("enroll", "", "contact_import_id", batch_size=50),
    *_fields("enroll_contact", "", "contact_id", batch_number=0, priority=None),
    *_fields("create_contact_import", "contact_import", "name"),
    *_fields("create_webhook", "webhook", "url", event_filters=["*"]),
)
