"""Whatever comes in to Outreach's API is answered in its envelope, and never breaks anything."""

import importlib
import json
from pathlib import Path

import pytest

from drumbeat.dialects.outreach.bulk_actions import BULK_ACTIONS
from drumbeat.dialects.outreach.bulk_forms import form_of_action
from tests.functional.outreach.bulk import OBJECT_NAME, Office
from tests.functional.test_hostile_input import NOT_AN_OBJECT, UNREADABLE, WRONG_VALUES
from tests.world import Context, api_event

OPERATIONS = sorted(path.stem for path in (Path(__file__).parents[2] / "functions/outreach").glob("*.py"))
HANDLERS = {name: importlib.import_module(f"functions.outreach.{name}").handler for name in OPERATIONS}
WITH_BODY = [name for name, handler in HANDLERS.items() if handler.endpoint.body is not None]
READING = [name for name, handler in HANDLERS.items() if handler.endpoint.method == "GET"]
PATH = {"id": "1", "action": "prospectsAddTags", "object_name": OBJECT_NAME}
TEXTS = [
    "", " ", "\x00", "\ud800", "x" * 10_000, "1,2", "..", "1..", "..1", "a..b..c", ",", "__null__", "-1", "1e5",
    "9" * 40, "٣", "true", "{}", "%00", "2017-01-01",
    "0000-00-00", "9999-12-31T23:59:59.999999-23:59", "e30", "W10", "bnVsbA",
    "W1siLW51bWJlciJdLFtudWxsXV0", "W1sibnVtYmVyIl0sWyJ4Il1d", "a.b.c", "-", "--id", "id,id,-id",
]  # fmt: skip
PARAMETERS = [
    "filter[id]", "filter[q]", "filter[name]", "filter[state]", "filter[createdAt]", "filter[owner][id]", "filter[]",
    "filter[id][gte]", "filter", "sort", "include", "count", "newFilterSyntax", "fields[user]", "fields[]",
    "page[size]", "page[limit]", "page[offset]", "page[after]", "page[before]", "provideAuthorizationMeta",
    "actionParams[filter][id]", "actionParams[objectName]", "actionParams[confirmedCount]", "\x00", "[", "",
]  # fmt: skip


@pytest.fixture(scope="module")
def office(stack):
    return Office()


def send(office, operation, *, path=None, query=None, **event):
    handler = HANDLERS[operation]
    headers = {"Authorization": f"Bearer {office.caller.key}", "Content-Type": "application/vnd.api+json"}
    filled = {name: text for name, text in (PATH | (path or {})).items() if f"{{{name}}}" in handler.endpoint.path}
    made = api_event(handler.endpoint.method, path=filled, query=query, headers=headers)
    answer = handler(made | event, Context())
    json.dumps(answer).encode()
    return answer


def complaint(answer):
    """What is wrong with an answer, or None: a client must be able to read it, and know whose fault it is."""
    status = answer["statusCode"]
    if status == 204:
        return None
    body = json.loads(answer["body"])
    if answer["headers"]["Content-Type"] != "application/vnd.api+json":
        return f"{status} of another media type"
    if status < 300:
        return None if "data" in body else f"{status} without data"
    if status not in (400, 404, 413, 422):
        return f"{status} {answer['body'][:200]}"
    errors = body["errors"]
    return None if errors and all({"id", "title", "detail"} <= set(error) for error in errors) else str(body)


def complaints(answers):
    return {name: found for name, answer in answers.items() if (found := complaint(answer))}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_body_that_is_no_object_is_refused(office, operation):
    requests = UNREADABLE | NOT_AN_OBJECT
    answers = {name: send(office, operation, body=text) for name, text in requests.items()}

    assert {answer["statusCode"] for answer in answers.values()} == {400}
    assert complaints(answers) == {}


@pytest.mark.parametrize("operation", [name for name in WITH_BODY if name not in ("create_batch", "start_bulk_action")])
def test_a_wrong_value_in_any_attribute_or_relation_breaks_nothing(office, operation):
    data = HANDLERS[operation].endpoint.body.model_fields["data"].annotation
    answers = {}
    for part in ("attributes", "relationships"):
        model = data.model_fields[part].annotation
        names = [name for name in getattr(model, "model_fields", {"anything": None}) if not name.startswith("custom")]
        for name in names:
            for value in WRONG_VALUES:
                document = {"data": {part: {name: value}}}
                answers[part, name, repr(value)[:40]] = send(office, operation, body=json.dumps(document))
        for value in WRONG_VALUES:
            answers[part, repr(value)[:40]] = send(office, operation, body=json.dumps({"data": {part: value}}))

    assert complaints(answers) == {}


@pytest.mark.parametrize("action", BULK_ACTIONS)
def test_a_wrong_value_in_any_attribute_of_an_action_breaks_nothing(office, action):
    fields = [field.alias or name for name, field in form_of_action(BULK_ACTIONS[action]).model_fields.items()]
    query = {"actionParams[objectName]": OBJECT_NAME} if action.startswith("customObject") else {}
    answers = {}
    for name in [*fields, "anything", "fieldName", "fieldValue"]:
        for value in WRONG_VALUES:
            attributes = {"ids": [1], "fieldName": "title", "fieldValue": "x"} | {name: value}
            attributes = {key: kept for key, kept in attributes.items() if key in {*fields, name} or "Modify" in action}
            body = json.dumps({"data": {"attributes": attributes}})
            answers[name, repr(value)[:40]] = send(
                office, "start_bulk_action", path={"action": action}, query=query, body=body
            )

    assert complaints(answers) == {}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_query_of_anything_breaks_nothing(office, operation):
    answers = {
        (name, text): send(office, operation, query={name: [text]}, body=None) for name in PARAMETERS for text in TEXTS
    }

    assert complaints(answers) == {}


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if "{" in HANDLERS[name].endpoint.path])
def test_a_path_of_anything_is_not_found(office, operation):
    names = [name for name in PATH if f"{{{name}}}" in HANDLERS[operation].endpoint.path]
    answers = {(name, text): send(office, operation, path={name: text}) for name in names for text in TEXTS if text}

    assert complaints(answers) == {}
