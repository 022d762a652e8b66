"""Another tenant's records look like missing ones on every route of Outreach's API, in paths and in relations."""

import importlib
import json
from functools import partial

import pytest

from tests.functional.outreach.documents import create, document, kept, linked, made
from tests.functional.outreach.test_create_custom_object import boat
from tests.world import new_tenant

KINDS = ("prospect", "account", "opportunity", "user", "custom_object")
OPERATIONS = [
    f"{verb}_{kind}" for kind in KINDS for verb in ("get", "update", "delete") if (verb, kind) != ("delete", "user")
]
LISTS = ("list_prospects", "list_accounts", "list_opportunities", "list_users", "list_custom_objects")
MISSING = 777


@pytest.fixture(scope="module")
def theirs(stack):
    """Tenant A with three of everything, all linked."""
    call = partial(new_tenant(), group="outreach")
    for place in range(3):
        user, account = made(call, "user", email=f"u{place}@acme.example"), made(call, "account", name="Secret")
        deal = made(call, "opportunity", name="Secret")
        relations = linked(owner=("user", user), account=("account", account), opportunities=[("opportunity", deal)])
        made(call, "prospect", relations, firstName="Secret", emails=[f"secret{place}@acme.example"])
        boat(call, {"secret": "Secret"})
    return call


@pytest.fixture(scope="module")
def mine(stack):
    """Tenant B, that has nothing."""
    return partial(new_tenant(), group="outreach")


def ask(call, operation, number):
    route = importlib.import_module(f"functions.outreach.{operation}").handler.endpoint.path
    path = {"id": str(number)} | ({"object_name": "boats"} if "object_name" in route else {})
    body = document("x", {}) if operation.startswith("update") else None
    answer = call(operation, body, **path)
    return answer.status, json.dumps(answer.body).replace(str(number), "N")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_foreign_id_in_the_path_answers_as_a_missing_one(theirs, mine, operation):
    before = kept()

    foreign = {ask(mine, operation, number) for number in (1, 2, 3)}

    assert foreign == {ask(mine, operation, MISSING)}
    assert next(iter(foreign))[0] == 404
    assert kept() == before


@pytest.mark.parametrize(
    ("kind", "attributes", "relation", "other"),
    [
        ("prospect", {}, "account", "account"),
        ("prospect", {}, "owner", "user"),
        ("account", {"name": "x"}, "owner", "user"),
        ("opportunity", {"name": "x"}, "account", "account"),
    ],
)
def test_a_foreign_id_in_a_relation_answers_as_a_missing_one(theirs, mine, kind, attributes, relation, other):
    def answer_to(number):
        answer = create(mine, kind, attributes, linked(**{relation: (other, number)}))
        return answer.status, json.dumps(answer.body).replace(str(number), "N")

    foreign = {answer_to(number) for number in (1, 2, 3)}

    assert foreign == {answer_to(MISSING)}
    assert next(iter(foreign))[0] == 422


@pytest.mark.parametrize("operation", LISTS)
def test_no_list_shows_anything_of_another_tenant(theirs, mine, operation):
    path = {"object_name": "boats"} if operation == "list_custom_objects" else {}

    assert "ecret" in json.dumps(theirs(operation, **path).body) or operation == "list_users"
    assert mine(operation, **path).body["data"] == []


def test_an_address_of_another_tenant_is_free_here(theirs, mine):
    assert create(mine, "prospect", {"emails": ["secret1@acme.example"]}).status == 201
