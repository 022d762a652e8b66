"""GET /api/v1/agents/{agentId}/outcomes: what the calls of an agent may come to (contract 4.2)."""

from tests.functional.julian.furniture import MISSING, OUTCOMES, agent
from tests.world import Caller


def outcomes(call, agent_id):
    return call("list_outcomes", group="julian", agent_id=agent_id)


def test_the_outcomes_are_those_of_the_agent_in_their_order(call):
    made = agent(call, outcomes=OUTCOMES)

    answer = outcomes(call, made)

    assert (answer.status, answer.body) == (200, {"agentId": made, "outcomes": OUTCOMES})


def test_an_agent_may_have_none(call):
    assert outcomes(call, agent(call, outcomes=[])).body["outcomes"] == []


def test_another_tenant_s_agent_is_missing(call, other):
    made = agent(other)

    assert outcomes(call, made).status == outcomes(call, MISSING).status == 404
    assert outcomes(call, made).body == outcomes(call, MISSING).body
    assert outcomes(call, made).body == {"error": "AGENT_NOT_FOUND", "message": "No such agent."}


def test_a_sequence_that_is_no_agent_is_none(call):
    made = call("create_cadence", {"name": "Spring"}, group="myagentmail").body["cadence"]["id"]
    number = int(made.replace("-", ""), 16)
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    spelled = "".join(digits[number // 36**place % 36] for place in reversed(range(25)))

    assert outcomes(call, f"agent.{spelled}").body["error"] == "AGENT_NOT_FOUND"


def test_who_shows_no_key_is_told_so_and_who_shows_a_wrong_one_too(call):
    made = agent(call)

    assert outcomes(Caller(), made).body["error"] == "UNAUTHORIZED"
    assert outcomes(Caller("ak_live_x"), made).body["error"] == "INVALID_API_KEY"
    assert outcomes(Caller(f"{call.key[:-1]}_"), made).status == 401


def test_a_key_is_taken_in_its_own_header_only(call):
    bearer = Caller()("list_outcomes", group="julian", agent_id=agent(call), headers={"Authorization": call.key})

    assert (bearer.status, bearer.body["error"]) == (401, "UNAUTHORIZED")
