"""What a call about keys, workspaces and inboxes costs in requests to the datastore."""

from functools import partial

import pytest

from drumbeat import bootstrap
from tests.functional.myagentmail.account import INBOX, ids, inbox, with_key, workspace
from tests.world import new_tenant, operator, tenant_id

# In a container that knows the key; an Idempotency-Key adds two, and five is the most.
COSTS = {
    "list_workspaces": 1, "get_workspace": 1, "create_workspace": 2,
    "list_keys": 1, "create_key": 2, "delete_key": 2,
    "list_inboxes": 1, "get_inbox": 1, "create_inbox": 2, "update_inbox": 3, "delete_inbox": 3,
}  # fmt: skip
BODIES = {
    "create_workspace": {"name": "Asia"},
    "create_key": {"name": "spare"},
    "create_inbox": INBOX,
    "update_inbox": {"dailyLimit": 7},
}
PATHS = {"workspace": "workspace_id", "key": "key_id", "inbox": "inbox_id"}


@pytest.fixture
def call(stack):
    return partial(new_tenant(), group="myagentmail")


def _ask(asker, call, operation):
    here, mine = workspace(call), inbox(call)
    with_key(call, workspaceId=here)
    made = {"workspace": here, "inbox": mine, "key": ids(call, "list_keys")[-1]}
    verb, _, kind = operation.partition("_")
    path = {PATHS[kind]: made[kind]} if verb in ("get", "update", "delete") else {}
    asker("list_workspaces")
    return asker(operation, BODIES.get(operation), **path)


@pytest.mark.parametrize("operation", COSTS)
def test_one_row_costs_few_requests(call, operation):
    answer = _ask(call, call, operation)

    assert answer.status < 300, answer
    assert bootstrap.ledger.datastore_requests() == COSTS[operation]


@pytest.mark.parametrize("operation", COSTS)
def test_an_operator_who_acts_for_an_account_costs_no_more(call, operation):
    acting = partial(operator(), group="myagentmail", headers={"X-Tenant-Id": tenant_id(call.func)})

    answer = _ask(acting, call, operation)

    assert answer.status < 300, answer
    assert bootstrap.ledger.datastore_requests() == COSTS[operation]


@pytest.mark.parametrize(("operation", "body"), [("create_key", {}), ("create_inbox", INBOX)])
def test_naming_a_workspace_costs_one_more_and_stays_within_five(call, operation, body):
    call("list_workspaces")

    call(operation, body | {"workspaceId": workspace(call)}, headers={"Idempotency-Key": "k"})

    assert bootstrap.ledger.datastore_requests() == COSTS[operation] + 1 + 2
