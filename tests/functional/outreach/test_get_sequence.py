"""GET /api/v2/sequences/{id}"""

from drumbeat.domain.ids import Kind, resource_number
from tests.contract.scene import tenant_of
from tests.functional.outreach.furniture import act, made, sequence_with_steps, shown
from tests.world import started


def test_a_sequence_is_shown_with_its_steps_and_owner(call):
    owner = made(call, "user", {"email": "ann@acme.example"})
    number = sequence_with_steps(call, steps=2, owner=owner)

    answer = call("get_sequence", id=str(number), query={"include": "owner,sequenceSteps"})

    steps = [step["id"] for step in answer.body["data"]["relationships"]["sequenceSteps"]["data"]]
    included = [(resource["type"], resource["id"]) for resource in answer.body["included"]]
    assert len(steps) == 2
    assert included == [("user", owner), *(("sequenceStep", step) for step in steps)]


def test_a_campaign_of_the_same_tenant_is_shown_as_well(call):
    spelled = started(call.func)
    number = resource_number(Kind.SEQUENCE, tenant_of(call.func), spelled)

    data = shown(call, "sequence", number)

    assert (data["attributes"]["name"], len(data["relationships"]["sequenceSteps"]["data"])) == ("Spring", 2)


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = made(call, "sequence", {"name": "Spring"})

    assert [act(other, "get_sequence", number).status, act(call, "get_sequence", 99).status] == [404, 404]
