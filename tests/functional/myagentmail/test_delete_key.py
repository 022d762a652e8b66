"""DELETE /v1/keys/{key_id}"""

from tests.functional.myagentmail.account import ids, inbox, with_key, workspace


def _newest(call):
    return ids(call, "list_keys")[-1]


def test_a_revoked_key_opens_nothing_any_more(call, revoked):
    spare = with_key(call)

    answer = call("delete_key", key_id=_newest(call))
    revoked()

    assert answer.status == 200
    assert spare("list_inboxes").status == 401


def test_the_last_key_of_the_whole_account_stays_whatever_confined_ones_there_are(call, revoked):
    (first,) = ids(call, "list_keys")
    here = workspace(call)
    with_key(call, workspaceId=here)
    with_key(call, inboxId=inbox(call))

    answer = call("delete_key", key_id=first)
    revoked()

    assert (answer.status, answer.body["code"]) == (409, "last_key")
    assert call("list_keys").status == 200


def test_a_confined_key_can_go_even_if_it_is_the_only_one(call):
    here = workspace(call)
    with_key(call, workspaceId=here)

    assert call("delete_key", key_id=_newest(call)).status == 200
    assert len(ids(call, "list_keys")) == 1


def test_a_confined_key_revokes_those_of_its_workspace_and_no_other(call):
    here = workspace(call)
    confined = with_key(call, workspaceId=here)
    with_key(call, workspaceId=here)
    first, _, own = ids(call, "list_keys")

    assert confined("delete_key", key_id=own).status == 200
    assert confined("delete_key", key_id=first).status == 404
    assert len(ids(call, "list_keys")) == 2


def test_a_key_of_an_inbox_revokes_none_not_even_itself(call):
    agent = with_key(call, inboxId=inbox(call))

    assert agent("delete_key", key_id=_newest(call)).status == 403
    assert len(ids(call, "list_keys")) == 2


def test_the_key_of_another_tenant_is_out_of_reach(call, other):
    with_key(other)

    assert call("delete_key", key_id=_newest(other)).status == 404
    assert len(ids(other, "list_keys")) == 2
