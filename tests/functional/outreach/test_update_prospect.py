"""PATCH /api/v2/prospects/{id}"""

import pytest

from tests.faults import fault
from tests.functional.outreach.documents import contact_id, create, document, linked, made, refusal
from tests.world import imported, people, started


@pytest.fixture
def ada(call):
    return made(call, "prospect", firstName="Ada", emails=["ada@acme.example", "ada@home.example"], custom1="x")


def update(call, number, attributes, relations=None, **options):
    return call("update_prospect", document("prospect", attributes, relations), id=str(number), **options)


def shown(call, number):
    return call("get_prospect", id=str(number)).body["data"]


def test_what_is_given_is_changed_and_the_rest_stays(call, ada):
    before = shown(call, ada)

    answer = update(call, ada, {"lastName": "Lovelace", "custom1": None, "workPhones": ["1"], "tags": ["vip"]})

    assert answer.status == 200
    after = before["attributes"] | {"lastName": "Lovelace", "name": "Ada Lovelace", "custom1": None}
    after |= {"workPhones": ["1"], "tags": ["vip"], "updatedAt": answer.body["data"]["attributes"]["updatedAt"]}
    assert answer.body["data"] == before | {"attributes": after}
    assert shown(call, ada) == answer.body["data"]


def test_null_clears_what_can_be_cleared(call, ada):
    cleared = {"firstName": None, "emails": None, "tags": None, "timeZone": None, "workPhones": None}

    attributes = update(call, ada, cleared).body["data"]["attributes"]

    assert {name: attributes[name] for name in cleared} == {
        "firstName": None, "emails": [], "tags": [], "timeZone": None, "workPhones": []
    }  # fmt: skip


def test_relations_are_set_and_cleared(call, ada):
    account, user = made(call, "account", name="Acme"), made(call, "user", email="u@acme.example")
    update(call, ada, {}, linked(account=("account", account), owner=("user", user), assignedUsers=[("user", user)]))
    relations = shown(call, ada)["relationships"]
    assert (relations["account"]["data"]["id"], relations["owner"]["data"]["id"]) == (account, user)
    assert [other["id"] for other in relations["assignedUsers"]["data"]] == [user]

    update(call, ada, {}, {"account": {"data": None}, "owner": {"data": None}, "assignedUsers": {"data": []}})

    relations = shown(call, ada)["relationships"]
    assert [relations[name]["data"] for name in ("account", "owner", "assignedUsers")] == [None, None, []]


@pytest.mark.parametrize(
    ("attributes", "relations", "pointer"),
    [
        ({"optedOut": None}, None, "/data/attributes/optedOut"),
        ({"createdAt": "2026-12-01T09:00:00Z"}, None, "/data/attributes/createdAt"),
        ({"optedOutAt": None}, None, "/data/attributes/optedOutAt"),
        ({"emails": ["taken@acme.example"]}, None, "/data/attributes/emails"),
        ({}, linked(owner=("user", 99)), "/data/relationships/owner"),
        ({}, linked(account=("account", 99)), "/data/relationships/account"),
    ],
)
def test_what_cannot_be_changes_nothing(call, ada, attributes, relations, pointer):
    create(call, "prospect", {"emails": ["taken@acme.example"]})
    before = shown(call, ada)

    answer = update(call, ada, {"title": "y"} | attributes, relations)

    assert refusal(answer) == (422, "validationError", {"pointer": pointer})
    assert shown(call, ada) == before


def test_an_opt_out_is_stamped_shown_to_ampout_and_taken_back(call, ada):
    out = update(call, ada, {"optedOut": True}).body["data"]["attributes"]
    contact = call.func("get_contact", contact_id=contact_id(call, ada)).body
    assert out["optedOut"] is True
    assert out["optedOutAt"] == contact["unsubscribed_at"] == out["updatedAt"]
    assert update(call, ada, {"emailOptedOut": True}).body["data"]["attributes"] == out

    again = update(call, ada, {"optedOut": False}).body["data"]["attributes"]

    assert (again["optedOut"], again["optedOutAt"], again["emailsOptStatus"]) == (False, None, None)


def test_one_word_against_mail_is_enough(call, ada):
    attributes = update(call, ada, {"optedOut": False, "emailsOptStatus": "opted_out"}).body["data"]["attributes"]

    assert attributes["optedOut"] is True


@pytest.mark.parametrize("attributes", [{"optedOut": False}, {"emailOptedOut": False}, {"emailsOptStatus": "opted_in"}])
def test_what_the_operator_has_suppressed_stays_so(call, ada, attributes):
    call.func("suppress", {"emails": ["ada@home.example"]}, group="drumbeat")
    before = shown(call, ada)
    assert before["attributes"]["optedOut"] is True

    answer = update(call, ada, attributes)

    assert refusal(answer) == (422, "validationError", {"pointer": "/data/attributes/optedOut"})
    assert shown(call, ada) == before
    assert update(call, ada, {"emails": ["new@acme.example"]}).body["data"]["attributes"]["optedOut"] is True
    assert update(call, ada, attributes).status == 422


def test_no_word_about_mail_changes_no_opt_out(call, ada):
    call.func("suppress", {"emails": ["ada@home.example"]}, group="drumbeat")

    answer = update(call, ada, {"title": "x", "emailsOptStatus": "null", "callOptedOut": True})

    assert (answer.status, answer.body["data"]["attributes"]["optedOut"]) == (200, True)


def test_no_such_prospect_is_not_found(call, other, ada):
    assert update(call, 99, {"title": "x"}).status == 404
    assert update(other, ada, {"title": "x"}).status == 404


def test_a_change_takes_few_requests(call, ada):
    with fault(0, after=False) as seen:
        update(call, ada, {"title": "x"})

    assert len(seen.calls) <= 5, seen.calls


def test_whoever_has_no_address_any_more_cannot_be_enrolled(call):
    campaign, import_id = started(call.func), imported(call.func, people(2))
    assert update(call, 1, {"emails": []}).status == 200
    (one, _) = (contact["id"] for contact in call.func("list_contact_import_contacts", import_id=import_id).body)

    single = call.func("enroll_contact", {"contact_id": one}, campaign_id=campaign)
    bulk = call.func("enroll", {"contact_import_id": import_id}, campaign_id=campaign)

    assert (single.status, bulk.status, bulk.body["enrolled"]) == (422, 200, 1)
    assert bulk.body["skipped"] == [{"contact_id": one, "email": None, "reason": "The contact has no address"}]
    assert call.func("get_contact", contact_id=one).body["email"] is None


def test_an_address_that_ampout_changes_keeps_the_others(call, ada):
    spelled = contact_id(call, ada)

    call.func("update_contact", {"contact": {"email": "ada@home.example"}}, contact_id=spelled)
    assert shown(call, ada)["attributes"]["emails"] == ["ada@home.example"]
    update(call, ada, {"emails": ["ada@home.example", "ada@acme.example"]})
    call.func("update_contact", {"contact": {"email": "new@acme.example"}}, contact_id=spelled)

    assert shown(call, ada)["attributes"]["emails"] == ["new@acme.example", "ada@acme.example"]
    made(call, "prospect", emails=["ada@home.example"])
