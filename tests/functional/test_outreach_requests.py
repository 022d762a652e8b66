"""A request about one record takes four datastore requests at most, once its key and its share of calls are known."""

from functools import partial

import pytest

from tests.faults import fault
from tests.functional.outreach.documents import document, linked, made
from tests.functional.outreach.test_create_custom_object import boat
from tests.world import new_tenant

ACCOUNT, USER = linked(account=("account", 1)), linked(owner=("user", 1))
MOST = 4
CASES = {
    "get_prospect": {},
    "create_prospect": {"body": document("prospect", {"emails": ["b@acme.example"]}, ACCOUNT | USER)},
    "update_prospect": {"body": document("prospect", {"title": "x"})},
    "delete_prospect": {},
    "list_prospects": {"query": {"filter[account][id]": "1"}},
    "get_account": {},
    "create_account": {"body": document("account", {"name": "x"}, USER)},
    "update_account": {"body": document("account", {"name": "x"})},
    "delete_account": {},
    "list_accounts": {},
    "get_opportunity": {},
    "create_opportunity": {"body": document("opportunity", {"name": "x"}, ACCOUNT)},
    "update_opportunity": {"body": document("opportunity", {"name": "x"})},
    "delete_opportunity": {},
    "list_opportunities": {},
    "get_custom_object": {},
    "create_custom_object": {"body": document("customObject", {"name": "x"})},
    "update_custom_object": {"body": document("customObject", {"name": "x"})},
    "delete_custom_object": {},
    "list_custom_objects": {},
}


@pytest.fixture
def call(stack):
    call = partial(new_tenant(), group="outreach")
    made(call, "user", email="u@acme.example")
    made(call, "account", USER, name="Acme")
    made(call, "opportunity", ACCOUNT, name="Deal")
    made(call, "prospect", ACCOUNT | USER, emails=["a@acme.example"])
    boat(call, {"length": 1})
    return call


@pytest.mark.parametrize("operation", CASES)
def test_a_request_about_one_record_takes_few_datastore_requests(call, operation):
    path = {} if operation.startswith(("list", "create")) else {"id": "1"}
    path |= {"object_name": "boats"} if "custom" in operation else {}

    with fault(0, after=False) as seen:
        answer = call(operation, CASES[operation].get("body"), query=CASES[operation].get("query"), **path)

    assert answer.status in {200, 201, 204}, answer.body
    assert len(seen.calls) <= MOST, seen.calls
