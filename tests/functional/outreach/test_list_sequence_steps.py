"""GET /api/v2/sequenceSteps"""

from tests.functional.outreach.furniture import found, sequence_with_steps


def test_steps_are_found_by_sequence_by_order_and_by_id(call):
    first, second = sequence_with_steps(call, steps=2), sequence_with_steps(call, steps=3)

    steps = found(call, "sequence_steps")

    assert len(steps) == 5
    assert found(call, "sequence_steps", **{"filter[sequence][id]": str(first)}) == steps[:2]
    assert found(call, "sequence_steps", **{"filter[sequence][id]": str(second)}) == steps[2:]
    assert found(call, "sequence_steps", **{"filter[order]": "2"}) == [steps[1], steps[3]]
    assert found(call, "sequence_steps", **{"filter[id]": f"{steps[0]},{steps[4]}"}) == [steps[0], steps[4]]
    assert found(call, "sequence_steps", **{"filter[stepType]": "call"}) == []
    assert found(call, "sequence_steps", sort="-order")[0] == steps[4]


def test_pages_follow_each_other(call):
    for _ in range(3):
        sequence_with_steps(call, steps=2)
    steps = found(call, "sequence_steps")

    pages, query = [], {"page[size]": "2"}
    while query:
        answer = call("list_sequence_steps", query=query)
        pages.append([step["id"] for step in answer.body["data"]])
        following = answer.body["links"].get("next", "")
        after = following.partition("page%5Bafter%5D=")[2]
        query = {"page[size]": "2", "page[after]": after} if after else None

    assert pages == [steps[:2], steps[2:4], steps[4:]]


def test_nobody_sees_another_tenant_s(call, other):
    sequence_with_steps(call)

    assert found(other, "sequence_steps") == []
