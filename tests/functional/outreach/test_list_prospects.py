"""GET /api/v2/prospects"""

import pytest

from drumbeat import bootstrap
from tests.faults import fault
from tests.functional.outreach.documents import linked, made, refusal


@pytest.fixture
def people(call):
    acme, labs = (made(call, "account", name=name, customId=name, named=name == "Acme") for name in ("Acme", "Labs"))
    user, deal = made(call, "user", email="u@acme.example"), made(call, "opportunity", name="Deal")
    made(call, "prospect", linked(account=("account", acme)), firstName="Ada", lastName="L", emails=["A@acme.example"])
    made(call, "prospect", linked(account=("account", acme), owner=("user", user)), firstName="Bob", title="CEO")
    made(call, "prospect", linked(account=("account", labs)), firstName="Cyd", timeZone="Europe/Berlin")
    made(call, "prospect", linked(opportunities=[("opportunity", deal)]), firstName="Dot", externalSource="crm")


def found(answer):
    assert answer.status == 200, answer.body
    return " ".join(each["attributes"]["firstName"] for each in answer.body["data"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "Ada Bob Cyd Dot"),
        ({"filter[firstName]": "Ada,Dot"}, "Ada Dot"),
        ({"filter[lastName]": "__null__"}, "Bob Cyd Dot"),
        ({"filter[title]": "CEO"}, "Bob"),
        ({"filter[emails]": "a@ACME.example"}, "Ada"),
        ({"filter[timeZone]": "Europe/Berlin"}, "Cyd"),
        ({"filter[externalSource]": "crm"}, "Dot"),
        ({"filter[q]": "ad"}, "Ada"),
        ({"filter[q]": "a@acme"}, "Ada"),
        ({"filter[account][id]": "1"}, "Ada Bob"),
        ({"filter[account][id]": "1,2,9"}, "Ada Bob Cyd"),
        ({"filter[account][id]": "2..inf"}, "Cyd"),
        ({"filter[account][name]": "Labs"}, "Cyd"),
        ({"filter[account][customId]": "Acme"}, "Ada Bob"),
        ({"filter[account][named]": "false"}, "Cyd"),
        ({"filter[account][updatedAt]": "neginf..2017-01-01"}, ""),
        ({"filter[owner][id]": "1"}, "Bob"),
        ({"filter[touchedAt]": "__null__"}, "Ada Bob Cyd Dot"),
        ({"filter[engagedScore]": "1..inf"}, ""),
        ({"filter[createdAt]": "2017-01-01..inf", "sort": "-firstName"}, "Dot Cyd Bob Ada"),
        ({"sort": "title,-id"}, "Bob Dot Cyd Ada"),
        ({"page[limit]": "2", "page[offset]": "1"}, "Bob Cyd"),
    ],
    ids=str,
)
def test_the_prospects_that_are_asked_for_are_listed(call, people, query, names):
    assert sorted(found(call("list_prospects", query=query)).split()) == sorted(names.split())
    if "sort" not in query or "title" not in query["sort"]:
        assert found(call("list_prospects", query=query)) == names


def test_whoever_is_counted_is_counted_once(call, people):
    answer = call("list_prospects", query={"count": "true", "page[size]": "1", "filter[account][id]": "1"})

    assert answer.body["meta"] == {"count": 2, "count_truncated": False}
    assert found(answer) == "Ada"


def test_accounts_are_included_once(call, people):
    answer = call("list_prospects", query={"include": "account"})

    assert [(other["type"], other["id"]) for other in answer.body["included"]] == [("account", 1), ("account", 2)]


def test_a_deleted_account_has_no_prospects(call, people):
    call("delete_account", id="1")

    assert found(call("list_prospects", query={"filter[account][id]": "1"})) == ""
    assert found(call("list_prospects", query={"filter[account][name]": "Acme"})) == ""
    assert [each["relationships"]["account"]["data"] for each in call("list_prospects").body["data"]] == [
        None,
        None,
        {"type": "account", "id": 2},
        None,
    ]


@pytest.mark.parametrize("name", ["company", "custom1", "optedOut", "account", "account][domain", "owner][email"])
def test_what_the_contract_does_not_flag_cannot_be_filtered_by(call, name):
    answer = call("list_prospects", query={f"filter[{name}]": "x"})

    assert refusal(answer) == (422, "validationError", {"parameter": f"filter[{name}]"})


@pytest.mark.parametrize("name", ["company", "emails", "timeZone", "custom1", "account"])
def test_what_the_contract_does_not_flag_cannot_be_sorted_by(call, name):
    assert refusal(call("list_prospects", query={"sort": name})) == (422, "validationError", {"parameter": "sort"})


def test_another_tenant_s_prospects_are_not_listed(call, people, other):
    assert found(other("list_prospects")) == ""
    assert found(other("list_prospects", query={"filter[account][id]": "1"})) == ""
    assert found(other("list_prospects", query={"filter[emails]": "a@acme.example"})) == ""


def test_a_filter_that_an_index_serves_takes_few_requests(call, people):
    bootstrap.table()
    with fault(0, after=False) as seen:
        assert found(call("list_prospects", query={"filter[emails]": "a@acme.example"})) == "Ada"

    assert len(seen.calls) <= 5, seen.calls
