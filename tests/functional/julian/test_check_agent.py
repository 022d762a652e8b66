"""HEAD at both scheduling URLs: whether key and agent are good; nothing is scheduled (contract 4.2)."""

import importlib

import pytest

from drumbeat import bootstrap
from tests.functional.julian.furniture import MISSING, agent
from tests.world import Caller, Context, api_event


def check(call, agent_id):
    """The whole answer, as API Gateway gets it."""
    handler = importlib.import_module("functions.julian.check_agent").handler
    headers = {"x-api-key": call.key} if call.key else {}
    return handler(api_event("HEAD", path={"agent_id": agent_id}, headers=headers), Context())


def test_a_good_key_and_a_good_agent_are_answered_200_without_a_body(call):
    made = agent(call)

    answer = check(call, made)

    assert (answer["statusCode"], answer["body"]) == (200, "")


def test_it_costs_one_read_and_writes_nothing(call):
    made = agent(call)
    check(call, made)

    check(call, made)

    assert dict(bootstrap.ledger.requests) == {"dynamodb.GetItem": 1}


@pytest.mark.parametrize(("key", "status"), [("", 401), ("ak_live_x", 401), (None, 404)])
def test_a_refusal_has_no_body_either(call, key, status):
    answer = check(call if key is None else Caller(key), MISSING)

    assert (answer["statusCode"], answer["body"]) == (status, "")


def test_another_tenant_s_agent_is_missing(call, other):
    assert check(call, agent(other))["statusCode"] == 404


def test_an_agent_that_is_off_is_good_all_the_same(call):
    assert check(call, agent(call, enabled=False))["statusCode"] == 200
