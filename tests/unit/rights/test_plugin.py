"""What a run of all tests says about roles at its end."""

from tests.rights.plugin import Rights
from tools.grants import Grant

READ, CHANGE = Grant("dynamodb:BatchGetItem", "Table"), Grant("dynamodb:PartiQLUpdate", "Table")


def test_what_is_kept_for_want_of_a_test_and_was_called_is_told():
    rights = Rights({"shop/get": {READ: "", CHANGE: ""}, "shop/list": {READ: ""}})
    rights.take({"shop/get": [[READ.action, READ.resource, READ.condition]]})

    assert rights.stale() == [f"shop/get did call {READ}"]
