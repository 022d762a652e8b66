"""A stack in miniature: the template's tables, queues, key and secret, and handlers to call."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.adapters import aws
from drumbeat.config import settings
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.tenant import ALL_SCOPES, OPERATORS, ApiKey, KeyPrefix, key_digest, spell_key, tenant_of_key
from drumbeat.entrypoints import call_budget, keys
from tools.template import template

ROOT = Path(__file__).resolve().parents[1]
NOON = 1_795_262_400_000  # in November 2026
APIS = ("ampout", "drumbeat", "julian", "myagentmail", "outreach")


@dataclass
class Context:
    """A Lambda context with time left."""

    aws_request_id: str = "11111111-2222-4333-8444-555555555555"
    function_name: str = "under-test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:under-test"
    remaining: int = 29_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining


@dataclass(frozen=True)
class Answer:
    """A handler's answer as a client sees it."""

    status: int
    body: Any
    headers: Mapping[str, str]


def resources_of_template() -> Mapping[str, Any]:
    return template()["Resources"]


def forget_everything() -> None:
    """As in a fresh container."""
    ours = bootstrap.table, bootstrap.token_keys, bootstrap_signals.tracking_ports, aws.client, settings
    for remembered in ours:
        remembered.cache_clear()
    keys.forget()
    call_budget.budget.forget()
    aws.ledger.clear()


def api_event(
    method: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str | list[str]] | None = None,
    body: Any = None,
    raw: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What API Gateway's REST API hands to a function."""
    many = {name: [value] if isinstance(value, str) else value for name, value in (query or {}).items()}
    return {
        "httpMethod": method,
        "headers": dict(headers or {}),
        "pathParameters": dict(path) if path else None,
        "queryStringParameters": {name: values[-1] for name, values in many.items()} or None,
        "multiValueQueryStringParameters": many or None,
        "body": raw if raw is not None else None if body is None else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {"identity": {"sourceIp": "192.0.2.1"}},
    }


@dataclass
class Caller:
    """Calls handlers as one tenant's client would."""

    key: str = ""
    context: Context = field(default_factory=Context)

    def __call__(
        self,
        operation: str,
        body: Any = None,
        *,
        query: Mapping[str, str | list[str]] | None = None,
        raw: str | None = None,
        headers: Mapping[str, str] | None = None,
        group: str = "ampout",
        **path: str,
    ) -> Answer:
        handler = importlib.import_module(f"functions.{group}.{operation}").handler
        auth = presented(self.key, group)
        auth |= {"Content-Type": OUTREACH.media_type, "Host": "api.example"} if group == "outreach" else {}
        event = api_event(
            handler.endpoint.method, path=path, query=query, body=body, raw=raw, headers=auth | dict(headers or {})
        )
        answer = handler(event, self.context)
        return Answer(answer["statusCode"], _read(answer["body"], answer["headers"]), answer["headers"])


def presented(key: str, group: str) -> dict[str, str]:
    """The header in which an API takes a key; none without one."""
    if not key:
        return {}
    return {"X-API-Key": key} if group == "julian" else {"Authorization": f"Bearer {key}"}


def _read(text: str, headers: Mapping[str, str]) -> Any:
    if headers.get("Content-Type") == "application/x-ndjson":
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text) if text else None


def new_tenant(name: str = "Acme") -> Caller:
    """A client with the key of a new tenant."""
    handler = importlib.import_module("functions.admin.create_tenant").handler
    return Caller(handler({"name": name, "email": "ops@acme.example"}, Context())["api_key"])


def with_scopes(caller: Caller, *scopes: str) -> Caller:
    """A client of the same tenant whose key reaches this far."""
    return _with_key(_tenant_of(caller), KeyPrefix.LIVE, scopes=scopes)


def confined(caller: Caller, *, workspace: int | None = None, sender: int | None = None) -> Caller:
    """A client of the same tenant whose key is confined to a workspace, or to a sender."""
    prefix = KeyPrefix.WORKSPACE if sender is None else KeyPrefix.SENDER
    return _with_key(_tenant_of(caller), prefix, workspace=workspace, sender=sender)


def operator() -> Caller:
    """A client with a key of the operator, which acts for whom `X-Tenant-Id` names."""
    return _with_key(OPERATORS, KeyPrefix.OPERATOR)


def tenant_id(caller: Caller) -> str:
    """What `X-Tenant-Id` calls the caller's tenant."""
    tenant = _tenant_of(caller)
    return resource_uuid(Kind.TENANT, tenant, tenant)


def _tenant_of(caller: Caller) -> int:
    tenant = tenant_of_key(caller.key)
    assert tenant is not None
    return tenant


def _with_key(tenant: int, prefix: KeyPrefix, *, scopes: tuple[str, ...] = (ALL_SCOPES,), **confined_to: Any) -> Caller:
    number = bootstrap.numbers().take(tenant, Kind.API_KEY)
    text = spell_key(tenant, number.to_bytes(20), prefix)
    key = ApiKey(tenant, number, key_digest(text), text[:12], None, "direct", scopes, 0, **confined_to)
    bootstrap.tenants().add_key(key, intent=None, now=0)
    return Caller(text)


CREDENTIAL = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 2525,
    "smtp_username": "ann@acme.example",
    "smtp_password": "hunter2",
    "from_name": "Ann",
    "from_email": "ann@acme.example",
    "daily_limit": 100,
}


def campaign(**changes: Any) -> dict[str, Any]:
    """The body of a good POST /campaigns."""
    wanted = {
        "name": "Spring",
        "smtp_credentials": [CREDENTIAL],
        "sequence_steps": [
            {"position": 1, "subject": "Hello {{first_name}}", "body_html": "<p>Hi {{first_name}}</p>"},
            {"position": 2, "subject": "Again", "body_html": "<p>Still there?</p>", "delay_minutes": 60},
        ],
    }
    return {"campaign": wanted | changes}


def people(count: int, *, domain: str = "corp.example", start: int = 0) -> list[dict[str, str]]:
    """Rows for an import."""
    return [{"email": f"p{place}@{domain}", "first_name": f"P{place}"} for place in range(start, start + count)]


def imported(caller: Caller, rows: list[Any]) -> str:
    """The id of a new import of these rows."""
    answer = caller("create_contact_import", {"contact_import": {"name": "list", "contacts": rows}})
    assert answer.status == 201, answer
    return answer.body["id"]


def started(caller: Caller, **changes: Any) -> str:
    """The id of a new campaign."""
    answer = caller("create_campaign", campaign(**changes))
    assert answer.status == 201, answer
    return answer.body["id"]
