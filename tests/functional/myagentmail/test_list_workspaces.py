"""GET /v1/workspaces"""

from tests.functional.myagentmail.account import ids, inbox, with_key, workspace


def test_workspaces_are_listed_oldest_first_and_page_by_page(call):
    made = [workspace(call, f"place {place}") for place in range(3)]

    page = call("list_workspaces", query={"limit": "2"}).body
    rest = call("list_workspaces", query={"limit": "2", "cursor": page["nextCursor"]}).body

    assert [row["id"] for row in page["items"]] == made[:2]
    assert [row["id"] for row in rest["items"]] == made[2:]
    assert rest["nextCursor"] is None


def test_a_confined_key_sees_its_own(call):
    here, there = workspace(call), workspace(call, "Asia")
    agent = inbox(call, workspaceId=there)

    assert ids(with_key(call, workspaceId=here), "list_workspaces") == [here]
    assert ids(with_key(call, inboxId=agent), "list_workspaces") == [there]
    assert ids(with_key(call, inboxId=inbox(call)), "list_workspaces") == []


def test_another_tenant_sees_nothing(call, other):
    workspace(call)

    assert ids(other, "list_workspaces") == []
