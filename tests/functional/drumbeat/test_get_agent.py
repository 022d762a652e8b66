"""GET /drumbeat/v1/agents/{agent_id}: an agent as it is, without its secrets."""

from tests.functional.julian.furniture import MISSING, agent, create_agent
from tests.world import new_tenant


def shown(call, agent_id):
    return call("get_agent", group="drumbeat", agent_id=agent_id)


def test_an_agent_is_shown_as_it_was_made_but_for_its_secrets(caller):
    made = create_agent(caller).body

    answer = shown(caller, made["id"])

    assert answer.status == 200
    assert answer.body == made | {"dialler": {"url": made["dialler"]["url"], "secret": None}}


def test_another_tenant_s_agent_is_missing(caller):
    foreign, missing = shown(caller, agent(new_tenant())), shown(caller, MISSING)

    assert (foreign.status, foreign.body) == (missing.status, missing.body)
    assert (missing.status, missing.body["code"], missing.body["title"]) == (404, "not_found", "No such agent.")
