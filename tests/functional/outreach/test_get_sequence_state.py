"""GET /api/v2/sequenceStates/{id}"""

import pytest

from tests.functional.outreach.furniture import act, active_sequence, contacts, enrolled, mailbox


@pytest.fixture
def state(call):
    (contact,) = contacts(call)
    return enrolled(call, contact, active_sequence(call), mailbox(call))


def test_it_is_shown_with_what_it_is_of(call, state):
    answer = call("get_sequence_state", id=str(state), query={"include": "sequence.sequenceSteps,mailbox"})

    assert answer.status == 200
    assert {resource["type"] for resource in answer.body["included"]} == {"sequence", "sequenceStep", "mailbox"}
    attributes = answer.body["data"]["attributes"]
    assert (attributes["state"], attributes["bounceCount"], attributes["optOutCount"]) == ("active", 0, 0)


@pytest.mark.parametrize("spelled", ["0", "1", "x", "9" * 16, "9" * 40])
def test_a_missing_one_is_not_found(call, state, spelled):
    assert act(call, "get_sequence_state", spelled).status == 404


def test_a_foreign_one_is_not_found(call, other, state):
    assert act(other, "get_sequence_state", state).status == 404
