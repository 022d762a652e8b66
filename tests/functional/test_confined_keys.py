"""A key that reaches less than an account, or none, is refused wherever nobody has thought of it (docs/adr/0029)."""

import copy
import importlib
import json

import pytest

from tests.architecture.stack import EVENTS, Function, api_functions
from tests.contract.scene import everything
from tests.world import Context, confined, new_tenant, operator, presented, tenant_id

KEYS = {
    "of_a_workspace": lambda tenant: (confined(tenant, workspace=1), {}),
    "of_a_sender": lambda tenant: (confined(tenant, workspace=1, sender=1), {}),
    "of_a_sender_of_no_workspace": lambda tenant: (confined(tenant, sender=1), {}),
    "of_an_operator": lambda tenant: (operator(), {}),
    "of_an_operator_who_acts_for_it": lambda tenant: (operator(), {"X-Tenant-Id": tenant_id(tenant)}),
}


def _handler(function: Function):
    return importlib.import_module(f"functions.{function.name.replace('/', '.')}").handler


def _knows_only_accounts(function: Function) -> bool:
    described = getattr(_handler(function), "endpoint", None)
    return described is not None and described.scope is not None and not described.dialect.knows_reach


CLOSED = [function for function in api_functions() if _knows_only_accounts(function)]


@pytest.fixture(scope="module")
def tenant(stack):
    return new_tenant()


def test_the_apis_of_whole_accounts_are_among_them():
    assert {function.name.partition("/")[0] for function in CLOSED} == {"ampout", "outreach", "drumbeat", "julian"}


@pytest.mark.parametrize("whose", KEYS)
@pytest.mark.parametrize("function", CLOSED, ids=lambda function: function.name)
def test_an_api_of_whole_accounts_is_closed_to_it(tenant, function, whose):
    caller, headers = KEYS[whose](tenant)
    event = copy.deepcopy(json.loads((EVENTS / f"{function.name}.json").read_text()))
    event["headers"] |= presented(caller.key, function.name.partition("/")[0]) | headers
    before = _without_keys()

    answer = _handler(function)(event, Context())

    assert answer["statusCode"] == 403, answer
    assert "whole accounts" in answer["body"] or event["httpMethod"] == "HEAD"
    assert _without_keys() == before


def _without_keys():
    """All that is kept, but for the keys themselves: they note when they were seen."""
    return [item for item in everything() if not item.get("SK", {}).get("S", "").startswith("KEY#")]
