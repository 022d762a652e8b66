"""What a client of MyAgentMail's API sets up: inboxes, workspaces, and keys that are confined to them."""

from functools import partial

from tests.world import Caller

SMTP = {"host": "smtp.acme.example", "port": 587, "username": "ann", "password": "open sesame"}
IMAP = {"host": "imap.acme.example", "port": 993, "username": "ann", "password": "hidden treasure"}
INBOX = {"email": "ann@acme.example", "name": "Ann", "smtp": SMTP}


def inbox(call, **changes):
    """The id of a new inbox."""
    answer = call("create_inbox", INBOX | changes)
    assert answer.status == 201, answer
    return answer.body["inbox"]["id"]


def workspace(call, name="Europe"):
    """The id of a new workspace."""
    answer = call("create_workspace", {"name": name})
    assert answer.status == 201, answer
    return answer.body["workspace"]["id"]


def with_key(call, **confined_to):
    """A client with a new key that the other client made."""
    answer = call("create_key", confined_to)
    assert answer.status == 201, answer
    return partial(Caller(answer.body["key"]["key"]), group="myagentmail")


def ids(call, operation, **query):
    """The ids that a list shows."""
    answer = call(operation, query=query)
    assert answer.status == 200, answer
    return [row["id"] for row in answer.body["items"]]
