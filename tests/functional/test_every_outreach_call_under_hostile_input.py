"""Whatever comes in at Outreach's API is answered by a 4xx in its envelope and leaves nothing behind (S-14)."""

import base64
import json

import pytest

from drumbeat.dialects.outreach.bodies import Document
from tests.contract.outreach_scene import OPERATIONS, body_of, furnished_for_outreach
from tests.functional.test_hostile_input import (
    HOSTILE_TEXTS,
    NOT_AN_OBJECT,
    UNREADABLE,
    UNREADABLE_BYTES,
    WRONG_VALUES,
    fields_of,
    put,
)


def _takes_a_document(operation):
    model = body_of(operation)
    return model is not None and issubclass(model, Document)


WITH_DOCUMENT = [operation for operation in OPERATIONS if _takes_a_document(operation)]
LISTS = [operation for operation in OPERATIONS if operation.startswith("list_")]
BY_ID = [operation for operation in OPERATIONS if operation.startswith(("get_", "delete_"))]
WRONG_DOCUMENTS = {
    "nothing": {},
    "data is null": {"data": None},
    "data is a list": {"data": []},
    "attributes is null": {"data": {"attributes": None}},
    "attributes is a list": {"data": {"attributes": []}},
    "unknown attributes": {"data": {"attributes": {"nonsense": 1}}},
    "unknown relations": {"data": {"attributes": {}, "relationships": {"nonsense": {"data": None}}}},
    "prototype": {"data": {"attributes": {"__proto__": {"a": 1}, "constructor": {}}}},
}
# custom1 stands for its 149 siblings.
_SIBLINGS = {f"custom{number}" for number in range(2, 151)}
# What takes anything is a custom object's: the tenant made up what it has.
FREE = {operation for operation in WITH_DOCUMENT if operation.endswith("custom_object")}


@pytest.fixture(scope="module")
def victim(stack):
    return furnished_for_outreach()


def _complaint(answer, statuses):
    """What is wrong with a refusal, or None."""
    if answer.status not in statuses:
        return f"{answer.status} {str(answer.body)[:200]}"
    if answer.headers["Content-Type"] != "application/vnd.api+json":
        return answer.headers["Content-Type"]
    good = all({"id", "title", "detail"} <= set(error) for error in answer.body["errors"])
    return None if good and answer.body["errors"] else f"not an error envelope: {answer.body}"


def _complaints(scene, operation, requests, statuses):
    before = scene.kept()
    found = {name: _complaint(scene.send(operation, **changes), statuses) for name, changes in requests.items()}
    if scene.kept() != before:
        found["all of them"] = "left something behind"
    return {name: complaint for name, complaint in found.items() if complaint}


@pytest.mark.parametrize("operation", WITH_DOCUMENT)
def test_a_body_that_is_not_a_json_object_is_refused_as_such(victim, operation):
    requests = {name: {"body": text} for name, text in {**UNREADABLE, **NOT_AN_OBJECT}.items()}
    encoded = {name: base64.b64encode(data).decode() for name, data in UNREADABLE_BYTES.items()}
    requests |= {name: {"body": text, "isBase64Encoded": True} for name, text in encoded.items()}
    requests |= {"missing": {"body": None}, "empty": {"body": ""}}

    assert _complaints(victim, operation, requests, {400}) == {}


@pytest.mark.parametrize("operation", WITH_DOCUMENT)
def test_a_document_that_is_none_is_refused(victim, operation):
    wrong = {name: {"body": json.dumps(body)} for name, body in WRONG_DOCUMENTS.items()}
    if operation in FREE:
        wrong = {name: request for name, request in wrong.items() if "attributes" not in request["body"]}

    assert _complaints(victim, operation, wrong, {422}) == {}


@pytest.mark.parametrize("operation", WITH_DOCUMENT)
def test_a_wrong_value_in_any_field_breaks_nothing(stack, operation):
    scene = furnished_for_outreach()
    good = json.loads(scene.event(operation)["body"])
    complaints = {}
    for path in fields_of(body_of(operation)):
        if _SIBLINGS & set(path):
            continue
        for value in WRONG_VALUES:
            answer = scene.send(operation, body=json.dumps(_put_in(good, path, value)))
            complaint = None if answer.status in (200, 201) else _complaint(answer, {400, 404, 413, 422})
            if complaint:
                complaints[path, repr(value)[:40]] = complaint

    assert complaints == {}


def _put_in(body, path, value):
    """A copy with the value at the end of the path, whatever of the path is not there yet."""
    for depth, step in enumerate(path[:-1]):
        node = body
        for earlier in path[:depth]:
            node = node[earlier]
        missing = [{}] if path[depth + 1] == 0 else {}
        if isinstance(step, str) and not node.get(step):
            body = put(body, path[: depth + 1], missing)
    return put(body, path, value)


@pytest.mark.parametrize("operation", LISTS)
def test_hostile_queries_break_nothing(victim, operation):
    names = (
        "filter[id]",
        "filter[nothing]",
        "filter",
        "sort",
        "include",
        "count",
        "page[after]",
        "fields[user]",
        "\x00",
    )
    for name in names:
        for text in HOSTILE_TEXTS:
            query = {"queryStringParameters": {name: text}, "multiValueQueryStringParameters": {name: [text]}}
            answer = victim.send(operation, **query)
            assert answer.status == 200 or _complaint(answer, {404, 422}) is None, (name, text, answer)


@pytest.mark.parametrize("operation", BY_ID)
def test_hostile_ids_are_not_found(victim, operation):
    path = victim.event(operation)["pathParameters"]
    requests = {
        (name, text): {"pathParameters": path | {name: text}, "queryStringParameters": None}
        for name in path
        for text in HOSTILE_TEXTS
    }

    assert _complaints(victim, operation, requests, {404, 422}) == {}
