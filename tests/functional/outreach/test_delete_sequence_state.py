"""DELETE /api/v2/sequenceStates/{id}"""

import pytest

from tests.faults import meanwhile
from tests.functional.outreach.furniture import act, active_sequence, contacts, enrolled, found, mailbox


@pytest.fixture
def state(call):
    (contact,) = contacts(call)
    return enrolled(call, contact, active_sequence(call), mailbox(call))


def test_it_is_gone(call, state):
    assert act(call, "delete_sequence_state", state).status == 204
    assert found(call, "sequence_states") == []
    assert act(call, "delete_sequence_state", state).status == 404


def test_a_foreign_one_is_not_found_and_stays(call, other, state):
    assert act(other, "delete_sequence_state", state).status == 404
    assert found(call, "sequence_states") == [state]


def test_one_that_somebody_pauses_meanwhile_goes_all_the_same(call, state):
    with meanwhile("BatchExecuteStatement", lambda: act(call, "pause_sequence_state", state)):
        assert act(call, "delete_sequence_state", state).status == 204

    assert found(call, "sequence_states") == []
