"""POST /api/v2/prospects"""

import pytest

from tests.functional.outreach.documents import contact_id, create, linked, refusal
from tests.world import imported, people

ADA = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "emails": ["Ada@ACME.example", "ada@home.example"],
    "title": "Analyst",
    "company": "Acme",
    "tags": ["vip", "math"],
    "timeZone": "Europe/London",
    "workPhones": ["+44 20 7946 0000"],
    "linkedInUrl": "https://linkedin.example/in/ada",
    "score": 7,
    "availableAt": "2026-12-01T09:00:00.000Z",
    "custom1": "two\nlines",
    "custom150": "x" * 32_000,
}


def test_a_prospect_is_made_and_shown(call):
    answer = create(call, "prospect", ADA)

    assert answer.status == 201
    shown = answer.body["data"]
    assert (shown["type"], shown["id"]) == ("prospect", 1)
    assert shown["links"] == {"self": "https://api.example/api/v2/prospects/1"}
    given = {name: shown["attributes"][name] for name in ADA}
    assert given == ADA | {"emails": ["Ada@acme.example", "ada@home.example"]}
    assert {name: shown["attributes"][name] for name in ("name", "optedOut", "optedOutAt", "touchedAt")} == {
        "name": "Ada Lovelace",
        "optedOut": False,
        "optedOutAt": None,
        "touchedAt": None,
    }
    assert shown["attributes"]["createdAt"] == shown["attributes"]["updatedAt"]
    assert call("get_prospect", id="1").body["data"] == shown


def test_it_is_linked_to_what_its_relations_name(call):
    user = create(call, "user", {"email": "u@acme.example"}).body["data"]["id"]
    account = create(call, "account", {"name": "Acme"}).body["data"]["id"]
    deal = create(call, "opportunity", {"name": "Deal"}).body["data"]["id"]

    relations = linked(owner=("user", user), account=("account", str(account)))
    relations |= linked(assignedUsers=[("user", user)], opportunities=[("opportunity", deal)])
    shown = create(call, "prospect", ADA, relations).body["data"]

    assert shown["relationships"] == {
        "account": {"data": {"type": "account", "id": account}},
        "owner": {"data": {"type": "user", "id": user}},
        "assignedUsers": {"data": [{"type": "user", "id": user}]},
        "opportunities": {"data": [{"type": "opportunity", "id": deal}]},
        "sequenceStates": {
            "links": {"related": f"https://api.example/api/v2/sequenceStates?filter[prospect][id]={shown['id']}"}
        },
    }
    assert call("get_prospect", id=str(shown["id"])).body["data"] == shown


@pytest.mark.parametrize(
    ("relations", "name"),
    [
        (linked(owner=("user", 9)), "owner"),
        (linked(account=("account", 9)), "account"),
        (linked(assignedUsers=[("user", 9)]), "assignedUsers"),
        (linked(opportunities=[("opportunity", 9)]), "opportunities"),
        (linked(opportunities=[("opportunity", 1), ("opportunity", 2)]), "opportunities"),
        (linked(account=("account", "x")), "account/data/id"),
        (linked(stage=("stage", 1)), "stage"),
        (linked(sequenceStates=[("sequenceState", 1)]), "sequenceStates"),
    ],
)
def test_a_relation_that_leads_nowhere_is_refused_with_a_pointer(call, relations, name):
    answer = create(call, "prospect", ADA, relations)

    assert refusal(answer) == (422, "validationError", {"pointer": f"/data/relationships/{name}"})
    assert call("list_prospects").body["data"] == []


@pytest.mark.parametrize(
    "attributes",
    [
        {"emails": "a@acme.example"},
        {"firstName": 7},
        {"timeZone": "Mars/Olympus"},
        {"optedOut": "yes"},
        {"optedOut": None},
        {"emailsOptStatus": "maybe"},
        {"score": "high"},
        {"linkedInUrl": "x" * 1_001},
        {"custom1": "x" * 32_001},
        {"custom2": "a\x00b"},
        {"custom151": "x"},
        {"availableAt": "tomorrow"},
        {"name": "Ada"},
        {"touchedAt": "2026-12-01T09:00:00Z"},
        {"openCount": 1},
        {"tags": "vip"},
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_refused_with_a_pointer_and_nothing_is_made(call, attributes):
    (name,) = attributes

    answer = create(call, "prospect", attributes)

    assert refusal(answer) == (422, "validationError", {"pointer": f"/data/attributes/{name}"})
    assert call("list_prospects").body["data"] == []


def test_an_address_that_is_none_is_refused_by_its_place(call):
    answer = create(call, "prospect", {"emails": ["a@acme.example", "nobody"]})

    assert refusal(answer) == (422, "validationError", {"pointer": "/data/attributes/emails/1"})


def test_more_than_a_record_holds_is_refused(call):
    answer = create(call, "prospect", {f"custom{place}": "x" * 32_000 for place in range(1, 5)})

    assert answer.status == 422
    assert call("list_prospects").body["data"] == []


def test_an_address_of_another_contact_is_refused_wherever_that_came_from(call):
    imported(call.func, [{"email": "ada@home.example"}])

    answer = create(call, "prospect", ADA)

    assert refusal(answer) == (422, "validationError", {"pointer": "/data/attributes/emails"})


def test_two_that_are_one_mailbox_are_one_address(call):
    shown = create(call, "prospect", {"emails": ["a@acme.example", "A@ACME.example"]}).body["data"]

    assert shown["attributes"]["emails"] == ["a@acme.example"]


def test_a_prospect_needs_no_address(call):
    shown = create(call, "prospect", {"firstName": "Ada"}).body["data"]

    assert shown["attributes"]["emails"] == []
    assert create(call, "prospect", {}).status == 201


def test_one_with_a_suppressed_address_comes_in_as_opted_out(call):
    call.func("suppress", {"emails": ["ada@home.example"]}, group="drumbeat")

    shown = create(call, "prospect", ADA).body["data"]["attributes"]

    assert (shown["optedOut"], shown["emailOptedOut"], shown["emailsOptStatus"]) == (True, True, "opted_out")
    assert shown["optedOutAt"] is not None


@pytest.mark.parametrize("said", [{"optedOut": True}, {"emailOptedOut": True}, {"emailsOptStatus": "opted_out"}])
def test_one_may_come_in_as_opted_out(call, said):
    shown = create(call, "prospect", ADA | said).body["data"]["attributes"]

    assert (shown["optedOut"], shown["emailOptedOut"], shown["emailsOptStatus"]) == (True, True, "opted_out")


def test_the_same_call_under_one_key_makes_one_prospect(call):
    headers = {"Idempotency-Key": "once"}

    first, again = (create(call, "prospect", ADA, headers=headers) for _ in range(2))

    assert first.body == again.body
    assert len(call("list_prospects").body["data"]) == 1


def test_ampout_sees_the_contact_that_was_made_here(call):
    number = create(call, "prospect", ADA).body["data"]["id"]

    contact = call.func("get_contact", contact_id=contact_id(call, number)).body

    assert (contact["email"], contact["first_name"], contact["time_zone"]) == (
        "Ada@acme.example",
        "Ada",
        ADA["timeZone"],
    )
    assert contact["enrollments"] == []


def test_what_ampout_imported_is_a_prospect(call):
    imported(call.func, people(1))

    (shown,) = call("list_prospects").body["data"]

    assert shown["attributes"]["emails"] == [people(1)[0]["email"]]
