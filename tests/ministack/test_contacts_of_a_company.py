"""The index of a company's contacts, on a store that keeps its own (ADR 22)."""

from functools import partial

import pytest

from tests.functional.outreach.documents import linked, made

pytestmark = pytest.mark.ministack


def test_prospects_of_an_account_are_found_and_follow_it(bulk_caller):
    call = partial(bulk_caller, group="outreach")
    first, second = (made(call, "account", name=name) for name in ("Acme", "Bolt"))
    numbers = [made(call, "prospect", linked(account=("account", first)), firstName=f"P{place}") for place in range(3)]
    move = {"data": {"relationships": linked(account=("account", second))}}
    assert call("update_prospect", move, id=str(numbers[1])).status == 200

    def found(account):
        answer = call("list_prospects", query={"filter[account][id]": str(account)})
        return [each["id"] for each in answer.body["data"]]

    assert (found(first), found(second)) == ([numbers[0], numbers[2]], [numbers[1]])
    assert call("delete_account", id=str(first)).status == 204
    assert found(first) == []
