"""Numbers are a tenant's own: what another tenant has under a number is missing here, on every route (S-08)."""

import json

import pytest

from tests.contract.outreach_scene import OPERATIONS, OutreachScene, furnished_for_outreach
from tests.world import new_tenant

BY_ID = [operation for operation in OPERATIONS if not operation.startswith(("list_", "create_"))]
LISTS = [operation for operation in OPERATIONS if operation.startswith("list_")]


@pytest.fixture(scope="module")
def theirs(stack):
    """A tenant that has one of everything."""
    return furnished_for_outreach()


@pytest.fixture(scope="module")
def mine(stack):
    """A tenant that has nothing, and tries."""
    return OutreachScene(new_tenant())


@pytest.mark.parametrize("operation", BY_ID)
def test_what_another_tenant_has_is_missing_here_and_stays(theirs, mine, operation):
    kept = theirs.kept()
    bare = {"queryStringParameters": None, "multiValueQueryStringParameters": None}

    assert mine.send(operation, **bare).status == 404
    assert theirs.kept() == kept


@pytest.mark.parametrize("operation", ["create_sequence_step", "create_sequence_state"])
def test_what_another_tenant_has_cannot_be_linked_to(theirs, mine, operation):
    kept = theirs.kept()

    assert mine.send(operation).status == 404
    assert theirs.kept() == kept
    assert mine.kept() == []


@pytest.mark.parametrize("operation", LISTS)
def test_no_list_shows_anything_of_another_tenant(theirs, mine, operation):
    everything = {"queryStringParameters": None, "multiValueQueryStringParameters": None}

    assert theirs.send(operation, **everything).body["data"]
    assert mine.send(operation, **everything).body["data"] == []


def test_no_secret_is_in_any_answer(theirs):
    everything = {"queryStringParameters": None, "multiValueQueryStringParameters": None}
    answers = [theirs.send(operation, **everything) for operation in LISTS]
    answers += [theirs.send("get_mailbox", **everything), theirs.send("update_mailbox")]

    spelled = json.dumps([answer.body for answer in answers])
    assert "a-password" not in spelled
    assert "sealed" not in spelled
