"""GET /v1/keys"""

from tests.functional.myagentmail.account import ids, inbox, with_key, workspace


def test_keys_are_listed_without_their_text(call):
    made = call("create_key", {"name": "runner"}).body["key"]

    first, second = call("list_keys").body["items"]

    assert (first["name"], second["name"]) == (None, "runner")
    assert second == {name: value for name, value in made.items() if name != "key"}
    assert call.func.key not in repr(first)


def test_a_confined_key_sees_those_that_reach_no_further(call):
    here, there = workspace(call), workspace(call, "Asia")
    with_key(call, workspaceId=there)
    confined = with_key(call, workspaceId=here)
    with_key(call, inboxId=inbox(call, workspaceId=here))

    everything = ids(call, "list_keys")

    assert len(everything) == 4
    assert ids(confined, "list_keys") == everything[2:]


def test_a_key_of_an_inbox_sees_none(call):
    assert with_key(call, inboxId=inbox(call))("list_keys").status == 403
