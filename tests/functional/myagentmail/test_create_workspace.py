"""POST /v1/workspaces"""

import pytest

from tests.functional.myagentmail.account import ids, inbox, with_key, workspace


def test_a_workspace_is_made_and_found_again(call):
    answer = call("create_workspace", {"name": "Europe"})

    assert answer.status == 201
    made = answer.body["workspace"]
    assert (set(made), made["name"]) == ({"id", "name", "createdAt"}, "Europe")
    assert call("get_workspace", workspace_id=made["id"]).body == answer.body


def test_the_same_call_once_more_makes_no_second(call):
    answers = [call("create_workspace", {"name": "Europe"}, headers={"Idempotency-Key": "w"}) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(ids(call, "list_workspaces")) == 1


def test_only_a_key_of_the_account_makes_workspaces(call):
    here = workspace(call)
    confined = with_key(call, workspaceId=here), with_key(call, inboxId=inbox(call, workspaceId=here))

    answers = [caller("create_workspace", {"name": "Asia"}) for caller in confined]

    assert [(answer.status, answer.body["code"]) for answer in answers] == [(403, "scope_missing")] * 2
    assert ids(call, "list_workspaces") == [here]


@pytest.mark.parametrize("body", [{}, {"name": " "}, {"name": None}, {"name": "two\nlines"}, {"name": "x" * 256}])
def test_a_name_that_is_none_is_refused(call, body):
    answer = call("create_workspace", body)

    assert (answer.status, answer.body["code"]) == (400, "validation_failed")
    assert [entry["field"] for entry in answer.body["details"]] == ["name"]
