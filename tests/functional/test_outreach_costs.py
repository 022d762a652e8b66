"""What a call of Outreach's API costs in requests to the datastore, on a tenant that has one of everything."""

import pytest

from drumbeat import bootstrap
from tests.contract.outreach_scene import furnished_for_outreach

# In a container that knows the key and has a share of its hour's budget; an Idempotency-Key adds two.
COSTS = {
    "list_rulesets": 1, "get_ruleset": 1, "create_ruleset": 2, "update_ruleset": 2,
    "list_sequences": 1, "get_sequence": 1, "create_sequence": 2, "update_sequence": 2, "deactivate_sequence": 3,
    "list_sequence_steps": 1, "get_sequence_step": 1, "create_sequence_step": 3, "update_sequence_step": 3,
    "get_sequence_state": 3, "pause_sequence_state": 4, "finish_sequence_state": 4, "delete_sequence_state": 2,
    "list_mailboxes": 1, "get_mailbox": 1, "create_mailbox": 2, "update_mailbox": 3,
}  # fmt: skip
SHARDS = 16
PLAIN = {"queryStringParameters": None, "multiValueQueryStringParameters": None}


@pytest.fixture
def scene(stack):
    return furnished_for_outreach()


@pytest.mark.parametrize("operation", COSTS)
def test_one_row_costs_few_requests(scene, operation):
    answer = scene.send(operation, **PLAIN)

    assert answer.status < 300, answer
    assert bootstrap.ledger.datastore_requests() == COSTS[operation]


def test_states_are_read_from_their_sequence_s_shards(scene):
    of_one = {"filter[sequence][id]": "1"}

    scene.send("list_sequence_states", queryStringParameters=of_one, multiValueQueryStringParameters=None)

    assert bootstrap.ledger.datastore_requests() == SHARDS + 3


@pytest.mark.parametrize("query", [{"filter[prospect][id]": "1"}, {"filter[id]": str(1 << 24 | 1 << 6)}])
def test_states_that_are_named_are_read_by_key(scene, query):
    answer = scene.send("list_sequence_states", queryStringParameters=query, multiValueQueryStringParameters=None)

    assert len(answer.body["data"]) == 1
    assert bootstrap.ledger.datastore_requests() <= 5
