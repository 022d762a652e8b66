"""PATCH /api/v2/sequenceSteps/{id}"""

import pytest

from tests.functional.outreach.furniture import change, found, made, pointer, sequence_with_steps, shown


@pytest.fixture
def step(call):
    sequence_with_steps(call)
    return found(call, "sequence_steps")[0]


def test_what_is_given_changes_and_the_rest_stays(call, step):
    before = shown(call, "sequence_step", step)

    answer = change(call, "sequence_step", step, {"subject": "Hi {{last_name}}", "interval": 60, "order": 1})

    assert answer.status == 200
    assert answer.body["data"] == shown(call, "sequence_step", step)
    attributes = answer.body["data"]["attributes"]
    assert attributes == before["attributes"] | {"subject": "Hi {{last_name}}", "interval": 60}


@pytest.mark.parametrize(
    ("name", "value"), [("order", 2), ("stepType", "call"), ("bodyHtml", "{{nonsense}}"), ("subject", None)]
)
def test_what_cannot_be_is_refused_and_nothing_changes(call, step, name, value):
    before = shown(call, "sequence_step", step)

    assert pointer(change(call, "sequence_step", step, {name: value})) == f"/data/attributes/{name}"
    assert shown(call, "sequence_step", step) == before


def test_a_step_stays_in_its_sequence(call, step):
    elsewhere = made(call, "sequence", {"name": "Other"})

    assert pointer(change(call, "sequence_step", step, sequence=elsewhere)) == "/data/relationships/sequence"


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other, step):
    answers = change(other, "sequence_step", step, {"interval": 0}), change(call, "sequence_step", 99, {"interval": 0})

    assert [answer.status for answer in answers] == [404, 404]
