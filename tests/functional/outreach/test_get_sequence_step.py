"""GET /api/v2/sequenceSteps/{id}"""

import pytest

from tests.functional.outreach.furniture import act, found, sequence_with_steps, shown


def test_a_step_is_shown_with_its_sequence(call):
    number = sequence_with_steps(call)
    (step,) = found(call, "sequence_steps")

    answer = call("get_sequence_step", id=str(step), query={"include": "sequence"})

    assert answer.body["data"] == shown(call, "sequence_step", step)
    assert [resource["id"] for resource in answer.body["included"]] == [number]


@pytest.mark.parametrize("spelled", ["0", "1", "99999", "x"])
def test_a_missing_one_is_not_found(call, spelled):
    sequence_with_steps(call)

    assert act(call, "get_sequence_step", spelled).status == 404


def test_a_foreign_one_is_not_found(call, other):
    sequence_with_steps(call)
    (step,) = found(call, "sequence_steps")

    assert act(other, "get_sequence_step", step).status == 404
