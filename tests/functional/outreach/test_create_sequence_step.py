"""POST /api/v2/sequenceSteps"""

import pytest

from tests.functional.outreach.furniture import STEP, create, made, pointer, related


@pytest.fixture
def sequence(call):
    return made(call, "sequence", {"name": "Spring"})


def step(call, sequence, attributes=None, **options):
    return create(call, "sequence_step", STEP | (attributes or {}), relationships=related(sequence=sequence), **options)


def test_steps_come_one_behind_the_other(call, sequence):
    first, second = step(call, sequence), step(call, sequence, {"interval": 3600, "order": 2})

    assert (first.status, second.status) == (201, 201)
    shown = [answer.body["data"] for answer in (first, second)]
    assert [data["attributes"]["order"] for data in shown] == [1, 2]
    assert [data["attributes"]["interval"] for data in shown] == [0, 3600]
    assert shown[0]["attributes"].items() >= STEP.items()
    assert shown[0]["relationships"]["sequence"]["data"] == {"type": "sequence", "id": sequence}
    assert call("get_sequence_step", id=str(shown[1]["id"])).body["data"] == shown[1]


def test_an_interval_is_rounded_up_to_minutes(call, sequence):
    assert step(call, sequence, {"interval": 61}).body["data"]["attributes"]["interval"] == 120


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stepType", "call"),
        ("stepType", "manual_email"),
        ("subject", ""),
        ("subject", "{{nonsense}}"),
        ("subject", "a\nb"),
        ("bodyHtml", ""),
        ("bodyHtml", None),
        ("interval", -1),
        ("interval", 10**9),
        ("interval", None),
        ("order", 2),
        ("taskNote", "x"),
    ],
)
def test_what_is_no_step_is_refused_with_a_pointer(call, sequence, name, value):
    answer = step(call, sequence, {name: value})

    assert pointer(answer) == f"/data/attributes/{name}"
    assert call("list_sequence_steps").body["data"] == []


def test_a_step_of_no_sequence_or_of_a_foreign_one_is_refused(call, other, sequence):
    assert pointer(create(call, "sequence_step", STEP)) == "/data/relationships/sequence"
    assert step(call, 99).status == 404
    assert step(other, sequence).status == 404


def test_the_same_call_under_one_key_makes_one_step(call, sequence):
    answers = [step(call, sequence, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(call("list_sequence_steps").body["data"]) == 1
