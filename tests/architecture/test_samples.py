"""The sample events are understood by the functions they are for."""

import importlib
import json

import pytest

from drumbeat import bootstrap
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.domain.event import instant_of
from drumbeat.domain.ids import Kind, enrollment_key, resource_number
from drumbeat.domain.tenant import ALL_SCOPES, ApiKey, Tenant, key_digest, tenant_of_key
from tests.architecture.stack import EVENTS, Function, api_functions, functions
from tests.world import Context

TENANT = 1
KINDS = {
    "key_id": Kind.API_KEY,
    "workspace_id": Kind.WORKSPACE,
    "inbox_id": Kind.SENDER,
    "import_id": Kind.CONTACT_IMPORT,
    "contact_id": Kind.CONTACT,
    "outreach_id": Kind.PROGRAM,
    "campaign_id": Kind.SEQUENCE,
    "cadence_id": Kind.SEQUENCE,
    "sequence_id": Kind.SEQUENCE,
    "credential_id": Kind.SENDER,
    "sender_id": Kind.SENDER,
    "batch_id": Kind.BATCH,
    "webhook_id": Kind.WEBHOOK,
}
API = [function for function in api_functions() if not function.name.startswith("tracking/")]
OTHERS = [function for function in functions() if not function.routes]


def sample(function: Function):
    return json.loads((EVENTS / f"{function.name}.json").read_text())


def answer_to(function: Function):
    handler = importlib.import_module(f"functions.{function.name.replace('/', '.')}").handler
    return handler(sample(function), Context(remaining=119_000))


def code_of(answer):
    body = json.loads(answer["body"])
    return body["errors"][0]["id"] if "errors" in body else body.get("code") or body["error"]


@pytest.fixture
def tenant(aws):
    """The tenant of the samples, with the keys they carry: its own, and an operator's."""
    headers = [event["headers"] for event in map(sample, API)]
    given = {found.get("Authorization") or found.get("X-API-Key") for found in headers} - {None}
    spelled = {text.removeprefix("Bearer ") for text in given}
    keys = [_key(number, text) for number, text in enumerate(sorted(spelled), 1)]
    (own,) = [key for key in keys if key.tenant == TENANT]
    bootstrap.tenants().create(Tenant(TENANT, "Ada Lovelace", "ada@example.com", 0), own)
    for other in keys:
        bootstrap.tenants().add_key(other, intent=None, now=0)


def _key(number: int, text: str) -> ApiKey:
    return ApiKey(tenant_of_key(text) or 0, number, key_digest(text), text[:12], None, "direct", (ALL_SCOPES,), 0)


@pytest.mark.parametrize("function", API, ids=lambda function: function.name)
def test_the_ids_of_a_sample_are_ids_of_its_tenant(function: Function):
    spelled = sample(function)["pathParameters"] or {}

    def names_something(name: str, text: str) -> bool:
        if function.name.startswith("outreach/"):
            return name in ("object_name", "action") or text.isdigit()
        if name == "token":  # sealed with the secret of one stack
            return True
        if name == "agent_id":
            return agent_number(TENANT, text) > 0
        if name == "enrollment_id":
            return enrollment_key(TENANT, text) is not None
        if name == "event_id":
            return instant_of(text) is not None
        return resource_number(KINDS[name], TENANT, text) is not None

    assert all(names_something(name, text) for name, text in spelled.items())


@pytest.mark.usefixtures("tenant")
@pytest.mark.parametrize("function", API, ids=lambda function: function.name)
def test_a_sample_request_is_a_good_one(function: Function):
    """What it names is not there, so 404 is a good answer; a refusal of its form or of its key is not."""
    answer = answer_to(function)

    assert answer["statusCode"] in {200, 201, 202, 204, 404, 422}, answer["body"]
    if sample(function)["httpMethod"] == "HEAD":
        assert answer["body"] == ""
        return
    assert answer["statusCode"] != 422 or code_of(answer) == "cannot_revoke_last_key"
    assert answer["statusCode"] != 404 or code_of(answer).endswith(("not_found", "NotFound", "NOT_FOUND"))


@pytest.mark.usefixtures("tenant")
@pytest.mark.parametrize(
    "function", [f for f in functions() if f.name.startswith("tracking/")], ids=lambda function: function.name
)
def test_a_sample_link_is_a_good_one(function: Function):
    leads_on_or_has_no_topics = {"tracking/click": 302, "tracking/take_sns": 403}

    assert answer_to(function)["statusCode"] == leads_on_or_has_no_topics.get(function.name, 200)


@pytest.mark.usefixtures("tenant")
@pytest.mark.parametrize("function", OTHERS, ids=lambda function: function.name)
def test_a_sample_message_or_tick_is_understood(function: Function):
    answer = answer_to(function)

    assert answer is None or answer.get("batchItemFailures", []) == []
