"""POST /api/v2/sequenceStates/{id}/actions/pause"""

import pytest

from tests.functional.outreach.furniture import act, active_sequence, contacts, enrolled, mailbox, shown


@pytest.fixture
def state(call):
    (contact,) = contacts(call)
    return enrolled(call, contact, active_sequence(call), mailbox(call))


def test_it_is_paused_then(call, state):
    answer = act(call, "pause_sequence_state", state)

    assert answer.status == 200
    assert answer.body["data"]["attributes"]["state"] == "paused"
    assert shown(call, "sequence_state", state) == answer.body["data"]


def test_from_another_state_it_is_refused_and_nothing_changes(call, state):
    act(call, "pause_sequence_state", state)
    before = shown(call, "sequence_state", state)

    again = act(call, "pause_sequence_state", state)

    assert (again.status, again.body["errors"][0]["id"]) == (422, "validationError")
    assert shown(call, "sequence_state", state) == before


def test_the_same_call_under_one_key_is_answered_once(call, state):
    answers = [act(call, "pause_sequence_state", state, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].body == answers[1].body


@pytest.mark.parametrize("spelled", ["0", "x", "9" * 40])
def test_a_missing_one_is_not_found(call, state, spelled):
    assert act(call, "pause_sequence_state", spelled).status == 404


def test_a_foreign_one_is_not_found_and_stays(call, other, state):
    before = shown(call, "sequence_state", state)

    assert act(other, "pause_sequence_state", state).status == 404
    assert shown(call, "sequence_state", state) == before
