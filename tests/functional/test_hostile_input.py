"""Whatever comes in is answered by a 4xx in the contract's envelope and leaves nothing behind (reliability S-14).

Every request carries an Idempotency-Key: a refusal must not be kept under it either.
"""

import base64
import copy
import importlib
import json
import typing
from types import UnionType

import pytest
from pydantic import BaseModel

from drumbeat import bootstrap
from drumbeat.entrypoints import call_budget
from tests.contract.scene import READS, WITH_BODY, WRITES, endpoint_of, everything, furnished, setting
from tests.world import Answer, Context, api_event

DEEP = 100_000
MEGABYTES = 6 * 1024 * 1024
UNREADABLE = {
    "deep arrays": "[" * DEEP,
    "deep objects": '{"a":' * DEEP,
    "closed deep arrays": "[" * DEEP + "]" * DEEP,
    "one level too deep": '{"a":' * 21 + "1" + "}" * 21,
    "5,000 digits": '{"a":' + "9" * 5000 + "}",
    "NaN": '{"a": NaN}',
    "Infinity": '{"a": Infinity}',
    "-Infinity": '{"a": -Infinity}',
    "1e999": '{"a": 1e999}',
    "-1e999": '{"a": -1e999}',
    "BOM": '\ufeff{"a": 1}',
    "repeated name": '{"a": 1, "a": 2}',
    "repeated name further in": '{"a": [{"b": 1, "b": 1}]}',
    "trailing data": '{"a": 1} {"a": 1}',
    "trailing comma": '{"a": 1,}',
    "cut off": '{"a": "b',
    "single quotes": "{'a': 1}",
    "a comment": '{"a": 1} // done',
    "a form": "name=x&email=a%40b.example",
    "raw NUL": '{"a": "\x00"}',
    "raw NUL alone": "\x00",
    "white space": "  \n ",
    "a bare word": "undefined",
    "a leading zero": '{"a": 01}',
    "a bad escape": '{"a": "\\x41"}',
    "half a surrogate escape": '{"a": "\\ud8"}',
}
UNREADABLE_BYTES = {
    "UTF-16": json.dumps({"a": 1}).encode("utf-16"),
    "UTF-32": json.dumps({"a": 1}).encode("utf-32"),
    "Latin-1": b'{"a": "\xe9"}',
    "an overlong form": b'{"a": "\xc0\xaf"}',
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "BOM in bytes": b'\xef\xbb\xbf{"a": 1}',
}
NOT_AN_OBJECT = {"null": "null", "[]": "[]", "0": "0", "true": "true", "a text": '"text"', "[{}]": "[{}]"}
WRONG_OBJECT = {
    "nothing": "{}",
    "100,000 names": json.dumps({f"k{n}": n for n in range(100_000)}),
    "unknown names": '{"a": {"b": [1, 2.5, "c", null, true]}}',
    "lone surrogates": '{"\\ud800": "\\udfff"}',
    "escaped NUL": '{"\\u0000": "\\u0000"}',
    "null inside": '{"contact_import": null, "campaign": null, "outreach": null, "contact": null}',
    "lists inside": '{"contact_import": [], "campaign": [], "outreach": [], "contact": [], "smtp_credential": []}',
    "prototype": '{"__proto__": {"a": 1}, "__class__": 1, "constructor": {}}',
}
WRONG_VALUES = [
    None, True, False, 0, -1, 7, 1.5, -0.0, 1e-300, "nan", "inf",
    10**30, 10**400, 10**4000, "", " ", "x", "7", "null", "x" * 70_000, "a\nb",
    "\x00", "\ud800", "a\ufffeb", "\u202e", "{{x}}", [], {}, [[]], [None], ["x"], [{}], {"a": 1}, [[[[[[[]]]]]]],
]  # fmt: skip


@pytest.fixture(scope="module")
def victim(stack):
    return furnished()


READING = (".GetItem", ".BatchGetItem", ".Query")


def _send(scene, operation, group="ampout", **changes) -> Answer:
    handler = importlib.import_module(f"functions.{group}.{operation}").handler
    headers = {"Authorization": f"Bearer {scene.caller.key}", "Idempotency-Key": "hostile"}
    event = api_event(handler.endpoint.method, path=scene.path_of(operation, group), headers=headers) | changes
    # A fresh container tells nobody of its first calls: what is written then, the request itself has written.
    call_budget.budget.forget()
    answer = handler(event, Context())
    text = answer["body"]
    json.dumps(answer).encode()  # what the runtime does with it
    return Answer(answer["statusCode"], json.loads(text) if text else None, answer["headers"])


def _complaint(answer, statuses):
    """What is wrong with the last call's refusal, or None. A refusal has written nothing."""
    written = {name for name in bootstrap.ledger.requests if not name.endswith(READING)}
    if written:
        return f"wrote by {written}"
    if answer.status not in statuses:
        return f"{answer.status} {str(answer.body)[:200]}"
    media_type = answer.headers["Content-Type"]
    expected = {"code", "type", "message", "details"}
    if media_type == "application/problem+json":
        expected = {"code", "type", "title", "status"}
    return None if expected <= set(answer.body) else f"not an error envelope: {answer.body}"


def _complaints(scene, operation, group, requests, statuses):
    """What went wrong, over requests by name; a request that leaves something behind is one of them."""
    before = everything()
    found = {
        name: _complaint(_send(scene, operation, group, **changes), statuses) for name, changes in requests.items()
    }
    if everything() != before:
        found["all of them"] = "left something behind"
    return {name: complaint for name, complaint in found.items() if complaint}


OURS = [
    ("drumbeat", "suppress"),
    ("drumbeat", "unsuppress"),
    ("drumbeat", "resolve_unknown_send"),
    ("drumbeat", "create_sender"),
    ("drumbeat", "replay_events"),
]
TAKES_A_BODY = [("ampout", operation) for operation in WITH_BODY] + OURS
WRITING = [("ampout", operation) for operation in WRITES] + OURS
_NAMED = {"ids": lambda value: value}


@pytest.mark.parametrize(("group", "operation"), WRITING, **_NAMED)
def test_a_body_that_is_not_json_is_refused_as_such(victim, group, operation):
    requests = {name: {"body": text} for name, text in UNREADABLE.items()}
    encoded = {name: base64.b64encode(data).decode() for name, data in UNREADABLE_BYTES.items()}
    encoded |= {"not base64": "@@@", "cut base64": "eyJhIjox", "spaces in base64": "eyJh IjoxfQ==", "é": "é"}
    requests |= {name: {"body": text, "isBase64Encoded": True} for name, text in encoded.items()}

    assert _complaints(victim, operation, group, requests, {400}) == {}


@pytest.mark.parametrize(("group", "operation"), WRITING, **_NAMED)
def test_a_body_that_is_too_large_is_refused_with_the_limit(victim, group, operation):
    answer = _send(victim, operation, group, body=json.dumps({"a": "x" * MEGABYTES}))

    assert _complaint(answer, {413}) is None
    assert "takes" in (answer.body.get("message") or answer.body.get("title"))


@pytest.mark.parametrize(("group", "operation"), TAKES_A_BODY, **_NAMED)
def test_a_body_that_is_no_object_or_is_missing_is_refused(victim, group, operation):
    requests = {name: {"body": text} for name, text in NOT_AN_OBJECT.items()} | {
        "missing": {"body": None},
        "empty": {"body": ""},
        "empty and encoded": {"body": "", "isBase64Encoded": True},
    }

    # Where none at all is an empty object, that is what is refused.
    allowed = {400, 422} if endpoint_of(operation, group).body_optional else {400}
    assert _complaints(victim, operation, group, requests, allowed) == {}


# Every field of these may be left out, so an object with none of them is a good request.
ALL_OPTIONAL = {"create_api_key"}


@pytest.mark.parametrize(("group", "operation"), TAKES_A_BODY, **_NAMED)
def test_an_object_with_nothing_that_is_asked_for_is_refused(victim, group, operation):
    if operation in ALL_OPTIONAL:
        statuses = {_send(victim, operation, body=text).status for text in WRONG_OBJECT.values()}
        assert statuses <= {201, 413}
        return
    requests = {name: {"body": text} for name, text in WRONG_OBJECT.items()}

    assert _complaints(victim, operation, group, requests, {413, 422}) == {}


def _paths(model, prefix=()):
    """The way to every field of a model, into lists by their first entry."""
    for attribute, field in model.model_fields.items():
        name = field.alias or attribute
        yield (*prefix, name)
        for inner, is_list in _models_in(field.annotation):
            yield from _paths(inner, (*prefix, name, 0) if is_list else (*prefix, name))


def _models_in(annotation, *, is_list=False):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, is_list
    elif typing.get_origin(annotation) in (list, UnionType, typing.Union, typing.Annotated):
        for part in typing.get_args(annotation):
            yield from _models_in(part, is_list=is_list or typing.get_origin(annotation) is list)


def places_in(body, path=()):
    """The paths to all that a body holds."""
    entries = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, member in entries:
        yield (*path, name)
        yield from places_in(member, (*path, name))


def put(body, path, value):
    """A copy of the body with a value at the end of a path."""
    changed = copy.deepcopy(body)
    node = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return changed


def _good_body(scene, group, operation):
    if group == "ampout":
        return scene.body_of(operation)
    login = {"host": "smtp.acme.example", "port": 587, "username": "ann", "password": "hunter2"}
    sender = {"kind": "smtp", "from_email": "ann@acme.example", "smtp": login, "imap": login}
    return {"create_sender": sender}.get(operation, {"emails": ["a@b.example"]})


def _fields(group, operation):
    return fields_of(importlib.import_module(f"functions.{group}.{operation}").handler.endpoint.body)


def fields_of(model):
    """The ways to all fields of a model of a body, in a fixed order."""
    return sorted(set(_paths(model)), key=repr)


@pytest.mark.parametrize(("group", "operation"), TAKES_A_BODY, **_NAMED)
def test_a_wrong_value_in_any_field_of_any_model_breaks_nothing(stack, group, operation):
    scene = furnished()
    good = _good_body(scene, group, operation)
    complaints = {}

    for path in _fields(group, operation):
        for value in WRONG_VALUES:
            with setting(SIGNUP_LIMIT_PER_HOUR="9999"):
                answer = _send(scene, operation, group, body=json.dumps(put(good, path, value)), headers=_bare(scene))
            passed = answer.status in (200, 201) or answer.body["code"] == "contact_already_enrolled"
            complaint = None if passed else _complaint(answer, {404, 422})
            if complaint:
                complaints[path, repr(value)[:40]] = complaint

    assert complaints == {}


def _bare(scene):
    return {"Authorization": f"Bearer {scene.caller.key}"}


# What takes anything: `priority` is whatever is truthy, and rows are looked at one by one.
TAKES_ANYTHING = {("priority",), ("contact_import", "contacts"), ("emails",)}


@pytest.mark.parametrize(("group", "operation"), TAKES_A_BODY, **_NAMED)
def test_a_list_or_an_object_never_passes_for_a_plain_value(victim, group, operation):
    good = _good_body(victim, group, operation)
    fields = [path for path in _fields(group, operation) if path not in TAKES_ANYTHING]
    requests = {
        (path, repr(value)): {"body": json.dumps(put(good, path, value))}
        for path in fields
        for value in ([], [[]], {"a": 1}, [{}])
        if not (isinstance(value, dict) and _is_all_optional(path, operation))
    }

    assert _complaints(victim, operation, group, requests, {422}) == {}


def _is_all_optional(path, operation):
    changes = {"update_contact", "update_outreach", "update_smtp_credential", "update_webhook"}
    return len(path) == 1 and operation in changes


BAD_KEYS = {
    "none": None,
    "empty": "",
    "no scheme": "{key}",
    "scheme only": "Bearer ",
    "basic": "Basic {key}",
    "two keys": "Bearer {key} {key}",
    "joined": "Bearer {key}, Bearer {key}",
    "letters beyond ASCII": "Bearer ak_live_é" + "a" * 38,
    "digits beyond ASCII": "Bearer ak_live_" + "٣" * 39,
    "NUL": "Bearer {key}\x00",
    "lone surrogate": "Bearer \ud800",
    "10 kB": "Bearer " + "a" * 10_000,
    "10 kB of key": "Bearer ak_live_" + "a" * 10_000,
    "one letter changed": "Bearer {changed}",
    "in capitals": "Bearer {upper}",
    "quoted": 'Bearer "{key}"',
    "other prefix": "Bearer sk_live_{tail}",
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_a_key_that_is_none_is_refused_without_asking_anybody(victim, name):
    key = victim.caller.key
    spellings = {"key": key, "changed": key[:-1] + ("a" if key[-1] != "a" else "b"), "upper": key.upper()}
    spelled = BAD_KEYS[name]
    headers = {} if spelled is None else {"authorization": spelled.format(tail=key[8:], **spellings)}

    answer = _send(victim, "list_campaigns", headers=headers)

    assert _complaint(answer, {401}) is None
    assert bootstrap.ledger.requests == {}


@pytest.mark.parametrize("header", ["Authorization", "authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_good_key_is_taken_however_its_header_is_written(victim, header, scheme):
    assert _send(victim, "list_campaigns", headers={header: f"{scheme}  {victim.caller.key} "}).status == 200


@pytest.mark.parametrize("operation", READS)
def test_an_event_without_the_optional_parts_is_no_trouble(victim, operation):
    bare = {"queryStringParameters": None, "requestContext": None, "multiValueHeaders": None, "isBase64Encoded": None}

    assert _send(victim, operation, **bare).status == 200


HOSTILE_TEXTS = [
    "",
    " ",
    "\x00",
    "é",
    "\ud800",
    "x" * 10_000,
    "9" * 10_000,
    "-1",
    "1e3",
    "٣",
    "../..",
    "%00",
    "' OR 1=1",
]


@pytest.mark.parametrize("operation", [operation for operation in READS if operation.startswith("list")])
def test_hostile_query_parameters_break_nothing(victim, operation):
    for name in ("limit", "after", "status", "batch_number", "kind", "\x00", "\ud800"):
        for text in HOSTILE_TEXTS:
            answer = _send(victim, operation, queryStringParameters={name: text})
            assert answer.status == 200 or _complaint(answer, {404, 422}) is None, (name, text, answer)


BY_ID = [operation for operation in (*READS, *WRITES) if operation.startswith(("get", "delete"))]


@pytest.mark.parametrize("operation", BY_ID)
def test_hostile_path_parameters_are_not_found(victim, operation):
    for name in victim.path_of(operation):
        for text in HOSTILE_TEXTS:
            path = victim.path_of(operation) | {name: text}
            assert _complaint(_send(victim, operation, pathParameters=path, headers=_bare(victim)), {404}) is None, (
                name,
                text,
            )
