"""POST /api_keys"""

import pytest

from tests.contract.scene import everything
from tests.faults import Crash, fault
from tests.world import Caller, new_tenant


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


@pytest.mark.parametrize("scope", ["users.read", "prospects.all", "sequenceStates.write", "accounts.delete"])
def test_a_key_may_have_outreach_s_scopes(caller, scope):
    answer = caller("create_api_key", {"scopes": [scope]})

    assert (answer.status, answer.body["scopes"]) == (201, [scope])
    users = Caller(answer.body["plaintext"])("list_users", group="outreach")
    assert users.status == (200 if scope == "users.read" else 403)


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
        {"scopes": ["users.everything"]},
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


@pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
def test_a_retry_after_a_crash_leaves_one_key_and_its_text_works(caller, after):
    request = {"headers": {"Idempotency-Key": "k"}}
    with fault(0, after=after) as counted:
        caller("create_api_key", {}, headers={"Idempotency-Key": "calm"})
    for k in range(1, len(counted.calls) + 1):
        client = new_tenant()
        client.context.remaining = -1000  # the dead attempt's lock has run out by the time of the retry
        with fault(k, after=after), pytest.raises(Crash):
            client("create_api_key", {}, **request)

        answer = client("create_api_key", {}, **request)

        assert len(client("list_api_keys").body) == 2, k
        if "plaintext" in answer.body:  # not in a replay: then the first attempt got as far as its answer
            assert Caller(answer.body["plaintext"])("list_campaigns").status == 200, k
