"""GET /drumbeat/v1/agents: the tenant's agents, oldest first."""

from drumbeat import bootstrap
from tests.functional.julian.furniture import agent
from tests.world import new_tenant, started


def listed(call, **query):
    answer = call("list_agents", group="drumbeat", query=query)
    assert answer.status == 200, answer
    return answer.body


def test_agents_are_listed_oldest_first_as_each_is_shown(caller):
    made = [agent(caller, name=name) for name in ("One", "Two", "Three")]

    assert [row["id"] for row in listed(caller)] == made
    assert listed(caller)[1] == caller("get_agent", group="drumbeat", agent_id=made[1]).body


def test_a_page_begins_behind_the_last_one_that_is_known(caller):
    first, second, third = (agent(caller) for _ in range(3))

    assert [row["id"] for row in listed(caller, limit="1", after=first)] == [second]
    assert [row["id"] for row in listed(caller, after=second)] == [third]


def test_what_is_no_agent_and_what_is_another_tenant_s_is_not_among_them(caller):
    started(caller)
    agent(new_tenant())
    assert listed(caller) == []

    made = agent(caller)

    assert [row["id"] for row in listed(caller)] == [made]


def test_a_list_costs_two_requests_however_many_there_are(caller):
    for _ in range(5):
        agent(caller)
    listed(caller)

    listed(caller)

    assert bootstrap.ledger.datastore_requests() == 2


def test_a_place_that_is_none_is_refused(caller):
    assert caller("list_agents", group="drumbeat", query={"after": "agent.x"}).status == 404
    assert caller("list_agents", group="drumbeat", query={"limit": "0"}).status == 422
