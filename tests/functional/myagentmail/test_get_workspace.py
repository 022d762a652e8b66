"""GET /v1/workspaces/{workspace_id}"""

from tests.contract.scene import MISSING
from tests.functional.myagentmail.account import inbox, with_key, workspace


def test_what_is_beyond_a_key_looks_like_what_is_not_there(call, other):
    here, there = workspace(call), workspace(call, "Asia")
    confined = with_key(call, workspaceId=here)
    missing = call("get_workspace", workspace_id=MISSING)

    answers = [
        confined("get_workspace", workspace_id=there),
        with_key(call, inboxId=inbox(call))("get_workspace", workspace_id=here),
        other("get_workspace", workspace_id=here),
        call("get_workspace", workspace_id=inbox(call)),
    ]

    assert (missing.status, missing.body["code"]) == (404, "not_found")
    assert [answer.body for answer in answers] == [missing.body] * len(answers)
    assert confined("get_workspace", workspace_id=here).body["workspace"]["name"] == "Europe"
