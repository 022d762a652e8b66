"""GET /api/v2/prospects/{id}"""

import pytest

from drumbeat import bootstrap
from tests.faults import fault
from tests.functional.outreach.documents import linked, made
from tests.world import imported, people


def test_what_is_wanted_of_it_is_shown_with_what_is_included(call):
    user = made(call, "user", email="u@acme.example")
    account = made(call, "account", linked(owner=("user", user)), name="Acme")
    number = made(call, "prospect", linked(account=("account", account)), firstName="Ada")

    query = {"include": "account.owner", "fields[prospect]": "firstName,account", "provideAuthorizationMeta": "true"}
    answer = call("get_prospect", id=str(number), query=query)

    assert answer.body["data"]["attributes"] == {"firstName": "Ada"}
    assert answer.body["data"]["relationships"].keys() == {"account"}
    assert answer.body["data"]["meta"] == {"canWrite": True, "canDelete": True}
    assert [(other["type"], other["id"]) for other in answer.body["included"]] == [("account", account), ("user", user)]


def test_a_link_to_what_was_deleted_is_not_shown(call):
    account, deal = made(call, "account", name="Acme"), made(call, "opportunity", name="Deal")
    number = made(call, "prospect", linked(account=("account", account), opportunities=[("opportunity", deal)]))
    assert call("delete_account", id=str(account)).status == 204
    assert call("delete_opportunity", id=str(deal)).status == 204

    relationships = call("get_prospect", id=str(number)).body["data"]["relationships"]

    assert (relationships["account"], relationships["opportunities"]) == ({"data": None}, {"data": []})


def test_a_contact_that_ampout_imported_is_there(call):
    imported(call.func, people(1))

    assert call("get_prospect", id="1").body["data"]["attributes"]["emails"] == ["p0@corp.example"]


@pytest.mark.parametrize("number", ["99", "0", "x", "-1", "1.0", "\u0661", "9" * 20])
def test_whoever_is_not_there_is_not_found(call, number):
    answer = call("get_prospect", id=number)

    assert (answer.status, answer.body["errors"][0]["id"]) == (404, "resourceNotFound")


def test_another_tenant_s_prospect_is_not_found(call, other):
    number = made(call, "prospect", firstName="Ada")

    assert call("get_prospect", id=str(number)).status == 200
    assert other("get_prospect", id=str(number)).status == 404


def test_a_read_takes_few_requests(call):
    number = made(call, "prospect", linked(account=("account", made(call, "account", name="Acme"))))
    bootstrap.table()

    with fault(0, after=False) as seen:
        call("get_prospect", id=str(number))

    assert len(seen.calls) <= 5, seen.calls
