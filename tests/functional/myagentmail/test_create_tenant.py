"""POST /v1/tenants"""

from functools import partial

import pytest

from tests.contract.scene import everything
from tests.functional.myagentmail.account import ids, inbox
from tests.world import Caller, operator

GOOD = {"name": "Acme", "email": "ops@acme.example"}


@pytest.fixture
def by_operator(stack):
    return partial(operator(), group="myagentmail")


def test_an_operator_makes_a_tenant_that_can_start_at_once(by_operator):
    answer = by_operator("create_tenant", GOOD)

    assert answer.status == 201
    assert (answer.body["tenant"]["name"], answer.body["tenant"]["email"]) == ("Acme", "ops@acme.example")
    newcomer = partial(Caller(answer.body["key"]["key"]), group="myagentmail")
    assert ids(newcomer, "list_inboxes") == [] != [inbox(newcomer)]


def test_its_id_is_what_the_operator_acts_for(by_operator):
    made = by_operator("create_tenant", GOOD).body

    acting = partial(by_operator, headers={"X-Tenant-Id": made["tenant"]["id"]})
    theirs = inbox(acting)

    assert ids(partial(Caller(made["key"]["key"]), group="myagentmail"), "list_inboxes") == [theirs]


def test_the_key_s_text_is_kept_nowhere_and_not_said_again(by_operator):
    once = {"headers": {"Idempotency-Key": "t"}}

    first, again = by_operator("create_tenant", GOOD, **once), by_operator("create_tenant", GOOD, **once)

    text = first.body["key"].pop("key")
    assert text.startswith("tk_")
    assert first.body == again.body
    assert text not in repr(everything())


def test_nobody_else_makes_tenants(call):
    answer = call("create_tenant", GOOD)

    assert (answer.status, answer.body["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(("body", "field"), [({"name": "Acme"}, "email"), ({"email": "a@b.example"}, "name")])
def test_a_tenant_has_a_name_and_an_address(by_operator, body, field):
    answer = by_operator("create_tenant", body)

    assert answer.status == 400
    assert [entry["field"] for entry in answer.body["details"]] == [field]
