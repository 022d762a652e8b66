"""Whatever comes in at MyAgentMail's API is answered by a 4xx in its envelope and leaves nothing behind (S-14)."""

import importlib

import pytest

from drumbeat import bootstrap
from drumbeat.entrypoints import call_budget
from tests.architecture.stack import api_functions
from tests.functional.myagentmail.two_workspaces import BODIES, furnished
from tests.functional.test_hostile_input import NOT_AN_OBJECT, READING, UNREADABLE, WRONG_VALUES, places_in, put

ROUTES = {
    operation: importlib.import_module(f"functions.myagentmail.{operation}").handler.endpoint
    for group, operation in (function.name.split("/") for function in api_functions())
    if group == "myagentmail"
}
WITH_BODY = [operation for operation in BODIES if operation != "create_tenant"]
LISTS = [operation for operation in ROUTES if operation.startswith("list_")]
HOSTILE_IDS = ["", " ", "x", "0", "-1", "null", "\x00", "\ud800", "../keys", "%2e%2e", "1' OR '1'='1", "a" * 10_000]


@pytest.fixture(scope="module")
def account(stack):
    return furnished()


def _complaint(account, operation, **changes):
    """What is wrong with the answer to a hostile request, or None."""
    # A fresh container tells nobody of its first calls: what is written then, the request itself has written.
    call_budget.budget.forget()
    answer = account.ask(operation, "account", **changes)
    if answer.status < 300:
        return None
    if not 400 <= answer.status < 500:
        return f"{answer.status} {str(answer.body)[:200]}"
    if not {"error", "code"} <= set(answer.body) or len(str(answer.body)) > 20_000:
        return f"not an error envelope: {str(answer.body)[:200]}"
    written = {name for name in bootstrap.ledger.requests if not name.endswith(READING)}
    return f"wrote by {written}" if written else None


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_body_that_is_not_a_json_object_is_refused(account, operation):
    raw = UNREADABLE | NOT_AN_OBJECT | ({} if ROUTES[operation].body_optional else {"empty": ""})

    found = {name: account.ask(operation, "account", raw=text) for name, text in raw.items()}

    assert {name: answer.status for name, answer in found.items() if answer.status != 400} == {}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_no_value_anywhere_breaks_it(account, operation):
    good = account.body_of(operation)
    bodies = [put(good, path, value) for path in places_in(good) for value in WRONG_VALUES]

    complaints = [(_complaint(account, operation, body=body), str(body)[:200]) for body in bodies]

    assert [entry for entry in complaints if entry[0]] == []


@pytest.mark.parametrize("operation", [operation for operation, route in ROUTES.items() if "{" in route.path])
def test_no_id_breaks_it(account, operation):
    name = ROUTES[operation].path.partition("{")[2].partition("}")[0]

    found = {spelled: account.ask(operation, "account", **{name: spelled}) for spelled in HOSTILE_IDS}

    assert {spelled: answer for spelled, answer in found.items() if answer.status != 404} == {}


@pytest.mark.parametrize("operation", LISTS)
@pytest.mark.parametrize("parameter", ["limit", "cursor"])
def test_no_parameter_breaks_it(account, operation, parameter):
    texts = [text for text in HOSTILE_IDS if text]

    found = {text: account.ask(operation, "account", query={parameter: text}) for text in texts}

    assert {text: answer for text, answer in found.items() if answer.status != 400} == {}


@pytest.mark.parametrize("operation", [operation for operation, route in ROUTES.items() if not route.for_operators])
def test_nobody_is_acted_for_who_is_not_there(account, operation):
    found = {text: account.ask(operation, "operator", headers={"X-Tenant-Id": text}) for text in HOSTILE_IDS}

    assert {text: answer for text, answer in found.items() if answer.status not in (400, 404)} == {}
