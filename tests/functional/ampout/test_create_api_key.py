"""POST /api_keys"""

import pytest

from tests.contract.scene import everything
from tests.world import Caller


def test_the_new_key_works_and_is_kept_nowhere(caller):
    answer = caller("create_api_key", {"label": "agent", "client_kind": "mcp"})

    assert answer.status == 201
    assert (answer.body["label"], answer.body["client_kind"]) == ("agent", "mcp")
    assert answer.body["prefix"] == answer.body["plaintext"][:12]
    assert Caller(answer.body["plaintext"])("list_outreaches").status == 200
    assert answer.body["plaintext"] not in repr(everything())


def test_a_key_with_scopes_reaches_these_only(caller):
    key = caller("create_api_key", {"scopes": ["campaigns:read"]}).body["plaintext"]
    reader = Caller(key)

    refused = reader("create_outreach", {"outreach": {"name": "no"}})

    assert reader("list_campaigns").status == 200
    assert (refused.status, refused.body["code"]) == (403, "scope_missing")
    assert refused.body["details"] == {"scope": "campaigns:write"}
    assert caller("list_outreaches").body == []


@pytest.mark.parametrize("wanted", [["*"], ["contacts:write"], ["api_keys:write", "campaigns:read"]])
def test_a_key_makes_no_key_that_reaches_further_than_itself(caller, wanted):
    maker = Caller(caller("create_api_key", {"scopes": ["api_keys:write"]}).body["plaintext"])

    answer = maker("create_api_key", {"scopes": wanted})

    assert (answer.status, answer.body["code"]) == (403, "scope_missing")
    assert len(caller("list_api_keys").body) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"client_kind": "robot"},
        {"scopes": ["everything"]},
        {"scopes": []},
        {"scopes": ["campaigns:read"] * 51},
        {"scopes": "campaigns:read"},
        {"label": "two\nlines"},
        {"label": "x" * 256},
    ],
)
def test_a_key_that_makes_no_sense_is_refused(caller, body):
    answer = caller("create_api_key", body)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert len(caller("list_api_keys").body) == 1


def test_an_absurd_list_of_scopes_gets_a_short_answer(caller):
    answer = caller("create_api_key", {"scopes": ["bad"] * 50_000})

    assert answer.status == 422
    assert len(repr(answer.body)) < 20_000
