"""GET /v1/inboxes/{inbox_id}"""

from tests.contract.scene import MISSING
from tests.functional.myagentmail.account import IMAP, inbox, with_key, workspace


def test_an_inbox_is_shown_as_it_was_made(call):
    made = call("create_inbox", {"email": "ann@acme.example", "ses": {}, "imap": IMAP}).body

    assert call("get_inbox", inbox_id=made["inbox"]["id"]).body == made


def test_what_is_beyond_a_key_looks_like_what_is_not_there(call, other):
    here, there = workspace(call), workspace(call, "Asia")
    mine, beside, foreign, stray = (inbox(call, workspaceId=place) for place in (here, here, there, None))
    missing = call("get_inbox", inbox_id=MISSING)

    confined, agent = with_key(call, workspaceId=here), with_key(call, inboxId=mine)

    beyond = [confined("get_inbox", inbox_id=spelled) for spelled in (foreign, stray)]
    beyond += [agent("get_inbox", inbox_id=spelled) for spelled in (beside, foreign, stray)]
    beyond += [other("get_inbox", inbox_id=mine), call("get_inbox", inbox_id=here)]
    assert (missing.status, missing.body["error"]) == (404, "Inbox not found.")
    assert [answer.body for answer in beyond] == [missing.body] * len(beyond)
    assert agent("get_inbox", inbox_id=mine).body == confined("get_inbox", inbox_id=mine).body
