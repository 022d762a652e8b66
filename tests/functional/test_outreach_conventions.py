"""What holds for every call of Outreach's API: media type, keys, scopes, the hourly budget (contract 1.1)."""

import importlib
import json

import pytest

from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.domain.errors import NotFound
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from tests.contract.scene import setting
from tests.world import Context, api_event, new_tenant, with_scopes

RATES = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


@pytest.fixture
def caller(stack):
    return new_tenant()


def send(caller, operation="list_users", *, headers=None, **event):
    handler = importlib.import_module(f"functions.outreach.{operation}").handler
    given = {"Authorization": f"Bearer {caller.key}", "Content-Type": "application/vnd.api+json"} | (headers or {})
    made = api_event(handler.endpoint.method, headers={name: text for name, text in given.items() if text}) | event
    answer = handler(made, Context())
    return answer["statusCode"], answer["headers"], json.loads(answer["body"])


@pytest.mark.parametrize("media_type", [None, "application/json", "application/vnd.api", "text/plain"])
@pytest.mark.parametrize("operation", ["list_users", "create_user"])
def test_without_the_media_type_nothing_is_answered_but_415(caller, operation, media_type):
    status, headers, body = send(caller, operation, headers={"Content-Type": media_type})

    assert (status, body["errors"][0]["id"]) == (415, "unsupportedMediaType")
    assert headers["Content-Type"] == "application/vnd.api+json"


@pytest.mark.parametrize("media_type", ["application/vnd.api+json; charset=utf-8", "application/vnd.api+json"])
def test_the_media_type_may_have_parameters(caller, media_type):
    assert send(caller, headers={"Content-Type": media_type})[0] == 200


def test_errors_have_an_id_a_title_and_a_detail(caller):
    _, _, body = send(caller, headers={"Authorization": None})

    assert set(body) == {"errors"}
    assert set(body["errors"][0]) == {"id", "title", "detail"}
    assert body["errors"][0]["id"] == "unauthorized"


@pytest.mark.parametrize(
    ("scopes", "operation", "status"),
    [
        (("users.read",), "list_users", 200),
        (("users.all",), "list_users", 200),
        (("users.all",), "create_user", 400),
        (("users.read",), "create_user", 403),
        (("users.write",), "list_users", 403),
        (("accounts.all", "all", ".all"), "list_users", 403),
    ],
)
def test_scopes_are_not_additive_and_all_reaches_everything_of_its_kind(caller, scopes, operation, status):
    answer = send(with_scopes(caller, *scopes), operation)

    assert answer[0] == status
    if status == 403:
        assert answer[2]["errors"][0]["id"] == "unauthorizedOauthScope"
        assert "users." in answer[2]["errors"][0]["detail"]


def test_every_answer_says_what_is_left_of_the_hour(caller):
    with setting(CALL_LIMITS=""):
        good, bad, missing = (
            send(caller),
            send(caller, headers={"Content-Type": None}),
            send(caller, "get_user", pathParameters={"id": "7"}),
        )

    assert all(set(headers) >= RATES for _, headers, _ in (good, bad, missing))
    left = [int(headers["X-RateLimit-Remaining"]) for _, headers, _ in (good, bad, missing)]
    assert left == [9_999, 9_998, 9_997]
    assert 0 < int(good[1]["X-RateLimit-Reset"]) <= 3_600


def test_a_key_that_has_used_up_its_hour_waits_for_the_next(caller, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    with setting(CALL_LIMITS="outreach:30"):
        statuses = [send(caller)[0] for _ in range(31)]
        status, headers, body = send(caller)
        other = send(new_tenant())[0]
        now += HOUR
        afterwards = send(caller)

    assert statuses == [200] * 30 + [429]
    assert (status, body["errors"][0]["id"], other) == (429, "rateLimitExceeded", 200)
    assert headers["Retry-After"] == headers["X-RateLimit-Reset"]
    assert headers["X-RateLimit-Remaining"] == "0"
    assert (afterwards[0], afterwards[1]["X-RateLimit-Remaining"]) == (200, "29")


def test_a_missing_resource_is_named_as_outreach_names_it():
    refusal = OUTREACH.refusal(NotFound("contact", 7))

    assert refusal.status == 404
    assert refusal.body["errors"][0]["detail"] == "Could not find 'prospect' with ID '7'."


def test_values_of_a_parameter_that_is_given_twice_all_count(caller):
    for name in ("ada", "bob", "eve"):
        document = {"data": {"type": "user", "attributes": {"email": f"{name}@acme.example"}}}
        assert send(caller, "create_user", body=json.dumps(document))[0] == 201
    many = {"filter[id]": ["1", "3"]}

    _, _, body = send(caller, queryStringParameters={"filter[id]": "3"}, multiValueQueryStringParameters=many)

    assert [user["id"] for user in body["data"]] == [1, 3]


def test_links_begin_with_what_the_client_sees(caller):
    seen = {"path": "/prod/api/v2/users", "identity": {}}
    headers = {"Host": "abc.execute-api.example", "X-Forwarded-Proto": "https"}

    _, _, body = send(caller, headers=headers, path="/api/v2/users", requestContext=seen)

    assert body["links"]["first"].startswith("https://abc.execute-api.example/prod/api/v2/users?")
