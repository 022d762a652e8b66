"""Queries, keys and objects of anything break nothing of MyAgentMail's API; another tenant's things look missing."""

import importlib
import json

import pytest

from tests.architecture.stack import EVENTS
from tests.cadences import Client, furnished, kept, new_client, operations, routed
from tests.functional.test_hostile_input import WRONG_OBJECT
from tests.world import Context, api_event, operator

TEXTS = [
    "", " ", "\x00", "\ud800", "x" * 10_000, "..", "-1", "1e5", "9" * 40, "٣", "true", "{}", "%00", "null",
    "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-8FFF-BFFF-FFFFFFFFFFFF", "e30", "W10", "bnVsbA",
    "2017-01-01", "9999-12-31T23:59:59.999999-23:59", "'; DROP TABLE x; --", "a" * 36,
]  # fmt: skip
PARAMETERS = ["limit", "cursor", "state", "leadExternalId", "retryNow", "", "\x00", "["]
KEYS = ["", "x", "tk_", "ak_live_x", "tk_" + "0" * 60, "Bearer", "\x00", "\ud800", "x" * 9_000]
FOR_OPERATORS = ("POST", "/v1/tenants")
OPERATIONS = operations()
HANDLERS = {
    operation: importlib.import_module(routed(operation[0], operation[1])[0]).handler for operation in OPERATIONS
}
WITH_BODY = [operation for operation in OPERATIONS if HANDLERS[operation].endpoint.body is not None]
WITH_PATH = [operation for operation in OPERATIONS if "{" in operation[1]]
_NAMED = {"ids": " ".join}


@pytest.fixture(scope="module")
def office(stack):
    """A tenant with one of everything, and the ids of it by the names of path parameters."""
    client = new_client()
    return client, furnished(client)


def send(office, operation, *, path=None, query=None, **event):
    client, ids = office
    handler = HANDLERS[operation]
    names = [name for name in ids if f"{{{name}}}" in operation[1]]
    key = operator().key if operation == FOR_OPERATORS else client.key
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    parameters = {name: ids[name] for name in names} | (path or {})
    answer = handler(api_event(operation[0], path=parameters, query=query, headers=headers) | event, Context())
    json.dumps(answer).encode()
    return answer


def complaint(answer, statuses=(400, 403, 404, 409, 413)):
    """What is wrong with an answer, or None: a client must be able to read it, and know whose fault it is."""
    status = answer["statusCode"]
    if status < 300:
        return None
    if status not in statuses:
        return f"{status} {answer['body'][:200]}"
    body = json.loads(answer["body"])
    fits = set(body) <= {"error", "code", "details"} and {"error", "code"} <= set(body)
    return None if fits and all(isinstance(body[name], str) for name in ("error", "code")) else str(body)[:200]


def complaints(answers, **options):
    return {name: found for name, answer in answers.items() if (found := complaint(answer, **options))}


def good_body(operation):
    """The body of the sample event."""
    module = routed(*operation)[0].removeprefix("functions.").replace(".", "/")
    return json.loads(json.loads((EVENTS / f"{module}.json").read_text())["body"] or "{}")


@pytest.mark.parametrize("operation", WITH_BODY, **_NAMED)
def test_an_object_of_anything_breaks_nothing(office, operation):
    answers = {name: send(office, operation, body=text) for name, text in WRONG_OBJECT.items()}

    assert complaints(answers) == {}


@pytest.mark.parametrize("operation", OPERATIONS, **_NAMED)
def test_a_query_of_anything_breaks_nothing(office, operation):
    answers = {
        (name, text): send(office, operation, query={name: text}, body=json.dumps({"updates": []}))
        for name in PARAMETERS
        for text in TEXTS
        if operation[0] != "DELETE"
    }

    assert complaints(answers) == {}


@pytest.mark.parametrize("operation", OPERATIONS, **_NAMED)
@pytest.mark.parametrize(
    "key", ["", "x", "tk_", "ak_live_x", "tk_" + "0" * 60, "Bearer", "\x00", "\ud800", "x" * 9_000]
)
def test_a_key_of_anything_is_none(office, operation, key):
    for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}, {"Authorization": key}):
        answer = send(office, operation, headers=headers, body=json.dumps(good_body(operation)))

        assert answer["statusCode"] == 401
        assert complaint(answer, (401,)) is None


# What another tenant has


@pytest.fixture(scope="module")
def stranger(stack):
    """Another tenant, that has one of everything too."""
    client = new_client()
    return client, furnished(client)


@pytest.mark.parametrize("operation", WITH_PATH, **_NAMED)
def test_what_is_another_tenant_s_looks_like_what_is_missing(office, stranger, operation):
    before = kept(stranger[0])
    names = [name for name in office[1] if f"{{{name}}}" in operation[1]]
    body = json.dumps(good_body(operation))

    def ask(name, spelled):
        answer = send(office, operation, path={name: spelled}, body=body)
        return answer["statusCode"], answer["body"]

    for name in names:
        foreign = {ask(name, spelled) for spelled in stranger[1].values()}

        assert foreign == {ask(name, "00000000-0000-8000-8000-000000000000")}
        assert next(iter(foreign))[0] == 404
    assert kept(stranger[0]) == before


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each[0] == "GET"], **_NAMED)
def test_nothing_that_is_shown_is_another_tenant_s(office, stranger, operation):
    shown = json.dumps(send(office, operation))

    assert [name for name, spelled in stranger[1].items() if spelled in shown] == []


def test_what_one_tenant_names_is_free_in_another(office, stranger):
    assert isinstance(office[0], Client)
    assert not set(office[1].values()) & set(stranger[1].values())
