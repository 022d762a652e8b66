"""POST /api/v2/batches/actions/{action}: each of the 23, before and after (contract 1.3)."""

import pytest

from drumbeat.dialects.outreach.bulk_actions import BULK_ACTIONS
from drumbeat.domain.batch import TargetKind
from tests.contract.scene import setting
from tests.functional.outreach.bulk import ASKING, OBJECT_NAME, Office, worked
from tests.world import with_scopes

CONTACTS, COMPANIES, OBJECTS = TargetKind.CONTACTS, TargetKind.COMPANIES, TargetKind.CUSTOM_OBJECTS
MISSING = 999
# The action, what it is told beside the ids, what the records have before it, and after it.
TAGS = {"tags": ["new", "old"]}
USERS = {"userIds": ["2", 3]}
SHARED = [
    ("AddTags", TAGS, {"tags": ("old",)}, {"tags": ("old", "new")}),
    ("RemoveTags", TAGS, {"tags": ("keep", "old")}, {"tags": ("keep",)}),
    ("AddAssignments", USERS, {"assigned": (1, 2)}, {"assigned": (1, 2, 3)}),
    ("RemoveAssignments", USERS, {"assigned": (1, 2)}, {"assigned": (1,)}),
    ("RemoveAllAssignments", {}, {"assigned": (1, 2)}, {"assigned": ()}),
    ("AssignOwner", {"ownerId": 2}, {"owner": 1}, {"owner": 2}),
]
CHANGES = [
    *((f"prospects{name}", CONTACTS, *rest) for name, *rest in SHARED),
    *((f"accounts{name}".replace("accountsAddTags", "accountAddTags"), COMPANIES, *rest) for name, *rest in SHARED),
    ("prospectsAssignAccount", CONTACTS, {"accountId": "2"}, {"company_number": 1}, {"company_number": 2}),
    ("prospectsAssignOpportunity", CONTACTS, {"opportunityId": "2"}, {}, {"opportunity": 2}),
    (
        "prospectsBulkModify",
        CONTACTS,
        {"title": "CEO", "firstName": None, "optedOut": False, "score": 7},
        {"fields": {"title": "CTO", "source": "fair"}},
        {"fields": {"title": "CEO", "source": "fair", "score": 7}, "first_name": None, "unsubscribed_at": None},
    ),
    (
        "accountsBulkModify",
        COMPANIES,
        {"fieldName": "named", "fieldValue": "false"},
        {"named": True},
        {"named": False},
    ),
    (
        "customObjectBulkModify",
        OBJECTS,
        {"status": "paid", "amount": 7},
        {"fields": {"amount": 1, "kept": True}},
        {"fields": {"amount": 7, "kept": True, "status": "paid"}},
    ),
    ("prospectsDestroyAll", CONTACTS, {}, {}, None),
    ("accountsDestroyAll", COMPANIES, {}, {}, None),
    ("customObjectBulkDelete", OBJECTS, {}, {}, None),
]
ON_SEQUENCES = {"prospectsAddToSequence", "prospectsFinishAll", "prospectsPauseAll"}


@pytest.fixture
def office(stack):
    return Office()


def named(action):
    """What the two actions on custom objects are told, and no other."""
    return {"actionParams[objectName]": OBJECT_NAME} if action.startswith("customObject") else {}


def test_all_actions_of_the_contract_are_here_and_each_is_tested():
    tested = {action for action, *_ in CHANGES} | ON_SEQUENCES

    assert len(BULK_ACTIONS) == 23
    assert tested == set(BULK_ACTIONS)


@pytest.mark.parametrize(("action", "kind", "told", "before", "after"), CHANGES, ids=[row[0] for row in CHANGES])
def test_what_an_action_does(office, action, kind, told, before, after):
    office.change(kind, [1, 2, 3], **before)
    neighbour = office.record(kind, 3)

    answer = office.start(action, {"ids": [1, "2", MISSING], **told}, query=named(action))
    worked()

    assert answer.status == 200, answer.body
    for number in (1, 2):
        record = office.record(kind, number)
        assert (after is None) == (record is None)
        assert after is None or {name: getattr(record, name) for name in after} == after
    assert office.record(kind, 3) == neighbour
    number = answer.body["data"]["id"]
    assert office.items(number) == [(1, "finished", None), (2, "finished", None), (MISSING, "error", "NOT_FOUND")]
    batch = office.batch(number)
    assert (batch["action"], batch["state"]) == (action, "finished")
    assert (batch["total"], batch["pending"], batch["failures"]) == (3, 0, 1)
    assert batch["summary"] == {"failures": {"NOT_FOUND": 1}}


@pytest.mark.parametrize(("action", "kind", "told", "before", "after"), CHANGES, ids=[row[0] for row in CHANGES])
def test_another_tenant_s_records_are_items_that_fail_like_ids_that_never_were(
    office, action, kind, told, before, after
):
    victim = Office(6)

    answer = office.start(action, {"ids": [5, 6], **told}, query=named(action))
    worked()

    assert office.items(answer.body["data"]["id"]) == [(5, "error", "NOT_FOUND"), (6, "error", "NOT_FOUND")]
    assert victim.record(kind, 5) is not None


def test_a_call_is_answered_before_anything_is_done(office):
    answer = office.start("prospectsAddTags", {"ids": [1], "tags": ["vip"]})

    data = answer.body["data"]
    assert (answer.status, data["type"], data["attributes"]["state"]) == (200, "batch", "pending")
    assert data["attributes"]["payload"] == {"tags": ["vip"]}
    (items,) = data["relationships"]["batchItems"]
    assert items["links"]["related"].endswith(f"/batchItems?filter[batchId]={data['id']}")
    assert office.record(CONTACTS, 1).tags == ()
    worked()
    assert office.record(CONTACTS, 1).tags == ("vip",)


@pytest.mark.parametrize(
    "query",
    [
        {"actionParams[filter][id][]": ["1", "3"]},
        {"actionParams[filter][id]": "1,3"},
        {"actionParams[filter][id]": ["1", "3"]},
        {"actionParams[filter][firstName][]": ["P1", "P3"]},
        {"actionParams[filter][owner][id]": "1"},
        {"actionParams[filter][owner][id]": "1", "actionParams[filter][id][gte]": "1"},
    ],
    ids=str,
)
def test_a_filter_picks_what_the_list_would_show(office, query):
    office.change(CONTACTS, [1, 3], owner=1)

    answer = office.start("prospectsAddTags", {"tags": ["x"]}, query=query)
    worked()

    assert office.items(answer.body["data"]["id"]) == [(1, "finished", None), (3, "finished", None)]


def test_ids_and_a_filter_pick_what_is_in_both(office):
    answer = office.start("prospectsAddTags", {"ids": [2, 3], "tags": ["x"]}, query={"actionParams[filter][id]": "1,2"})
    worked()

    assert office.items(answer.body["data"]["id"]) == [(2, "finished", None)]


@pytest.mark.parametrize("skips", ["true", "false", None])
@pytest.mark.parametrize("action", ["prospectsDestroyAll", "accountsDestroyAll", "customObjectBulkDelete"])
def test_everything_stops_for_confirmation_whatever_is_said(office, action, skips):
    kind = BULK_ACTIONS[action].kind

    answer = office.start(action, query=named(action) | {"actionParams[skipConfirmation]": skips})
    worked()

    batch = office.batch(answer.body["data"]["id"])
    assert (batch["state"], batch["confirmCount"], batch["pending"]) == ("confirming", 3, 3)
    assert office.record(kind, 1) is not None


def test_the_operator_may_allow_everything_unconfirmed(office):
    with setting(UNCONFIRMED_ALL_ALLOWED="true"):
        skipping = office.start("prospectsAddTags", {"tags": ["x"]})
        asking = office.start("prospectsAddTags", {"tags": ["y"]}, query=ASKING)
    worked()

    assert office.batch(skipping.body["data"]["id"])["state"] == "finished"
    assert office.batch(asking.body["data"]["id"])["state"] == "confirming"


def test_what_is_listed_or_filtered_stops_too_unless_told_to_skip_it(office):
    answer = office.start(
        "prospectsAddTags", {"ids": [1], "tags": ["x"]}, query={"actionParams[skipConfirmation]": None}
    )
    worked()

    assert office.batch(answer.body["data"]["id"])["state"] == "confirming"
    assert office.record(CONTACTS, 1).tags == ()


def test_accounts_that_are_not_named_are_reached_by_their_ids_alone(office):
    office.change(COMPANIES, [2], named=False)

    filtered = office.start("accountAddTags", {"tags": ["x"]}, query={"actionParams[filter][id]": "1,2"})
    everything = office.start("accountAddTags", {"tags": ["x"]})
    listed = office.start("accountAddTags", {"ids": [2], "tags": ["x"]})
    worked()

    assert [target for target, *_ in office.items(filtered.body["data"]["id"])] == [1]
    assert office.batch(everything.body["data"]["id"])["confirmCount"] == 2
    assert office.items(listed.body["data"]["id"]) == [(2, "finished", None)]


def test_the_same_call_under_one_key_is_one_batch(office):
    headers = {"Idempotency-Key": "once"}

    answers = [office.start("prospectsAddTags", {"ids": [1], "tags": ["x"]}, headers=headers) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(office.call("list_batches").body["data"]) == 1


def test_an_unknown_action_is_not_found(office):
    for action in ("accountsAddTags", "prospectsResumeAll", "prospectsaddtags", "x"):
        assert office.start(action, {"ids": [1], "tags": ["x"]}).status == 404


@pytest.mark.parametrize(
    "parameter",
    [
        "actionParams[nothing]",
        "actionParams[confirmedCount]",
        "actionParams[objectName]",
        "actionParams[]",
        "actionParams[skipconfirmation]",
    ],
)
def test_a_param_that_the_action_does_not_take_is_a_bad_request(office, parameter):
    answer = office.start("prospectsAddTags", {"ids": [1], "tags": ["x"]}, query={parameter: "1"})

    assert (answer.status, answer.body["errors"][0]["id"]) == (400, "badRequest")


BAD = [
    ("prospectsAddTags", {"ids": []}, "ids"),
    ("prospectsAddTags", {"ids": None}, "ids"),
    ("prospectsAddTags", {"ids": "1"}, "ids"),
    ("prospectsAddTags", {"ids": ["one"]}, "ids/0"),
    ("prospectsAddTags", {"ids": [1, True]}, "ids/1"),
    ("prospectsAddTags", {"ids": [1.5]}, "ids/0"),
    ("prospectsAddTags", {"ids": [-1]}, "ids/0"),
    ("prospectsAddTags", {"tags": "vip"}, "tags"),
    ("prospectsAddTags", {"tags": []}, "tags"),
    ("prospectsAddTags", {"tags": [""]}, "tags/0"),
    ("prospectsAddTags", {"tags": [7]}, "tags/0"),
    ("prospectsAddTags", {"nothing": 7}, "nothing"),
    ("prospectsRemoveTags", {"tags": None}, "tags"),
    ("accountsAddAssignments", {"userIds": ["9"]}, "userIds"),
    ("accountsAddAssignments", {"userIds": 1}, "userIds"),
    ("accountsRemoveAssignments", {"userIds": ["x"]}, "userIds/0"),
    ("prospectsAssignOwner", {"ownerId": 9}, "ownerId"),
    ("prospectsAssignOwner", {"ownerId": None}, "ownerId"),
    ("prospectsAssignAccount", {"accountId": "9"}, "accountId"),
    ("prospectsAssignOpportunity", {"opportunityId": "9"}, "opportunityId"),
    ("prospectsDestroyAll", {"tags": ["x"]}, "tags"),
    ("prospectsBulkModify", {"emails": ["a@b.example"]}, "emails"),
    ("prospectsBulkModify", {"shoeSize": "43"}, "shoeSize"),
    ("prospectsBulkModify", {"createdAt": "2026-01-01T00:00:00Z"}, "createdAt"),
    ("prospectsBulkModify", {"optedOut": "perhaps"}, "optedOut"),
    ("prospectsBulkModify", {"timeZone": "Mars"}, "timeZone"),
    ("prospectsBulkModify", {"fieldName": "score", "fieldValue": "many"}, "score"),
    ("accountsBulkModify", {"owner": 1}, "owner"),
    ("accountsBulkModify", {"named": None}, "named"),
    ("customObjectBulkModify", {"createdAt": "x"}, "createdAt"),
    ("customObjectBulkModify", {"a": [1]}, "a"),
    ("prospectsAddToSequence", {"sequenceId": 9}, "sequenceId"),
    ("prospectsAddToSequence", {"mailboxId": 9}, "mailboxId"),
    ("prospectsAddToSequence", {"stepOverrides": [{}]}, "stepOverrides"),
]
GOOD = {
    "prospectsAddTags": {"tags": ["x"]},
    "prospectsAddToSequence": {"sequenceId": 1, "mailboxId": 1},
}


@pytest.mark.parametrize(("action", "wrong", "pointer"), BAD, ids=str)
def test_what_is_wrong_is_pointed_at_and_no_batch_is_made(office, action, wrong, pointer):
    answer = office.start(action, {"ids": [1]} | GOOD.get(action, {}) | wrong, query=named(action))

    assert answer.status == 422, answer.body
    pointers = [error["source"]["pointer"] for error in answer.body["errors"]]
    assert f"/data/attributes/{pointer}" in pointers
    assert office.call("list_batches").body["data"] == []


@pytest.mark.parametrize("missing", ["sequenceId", "mailboxId"])
def test_what_must_be_said_and_is_not_is_pointed_at(office, missing):
    told = {name: value for name, value in GOOD["prospectsAddToSequence"].items() if name != missing}

    answer = office.start("prospectsAddToSequence", {"ids": [1], **told})

    assert answer.status == 422
    assert answer.body["errors"][0]["source"] == {"pointer": f"/data/attributes/{missing}"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"actionParams[filter][nothing]": "1"}, "actionParams[filter][nothing]"),
        ({"actionParams[filter]": "1"}, "actionParams[filter]"),
        ({"actionParams[filter][id]": "x"}, "actionParams[filter][id]"),
        ({"actionParams[skipConfirmation]": "maybe"}, "actionParams[skipConfirmation]"),
        ({"include": "batchItems"}, "include"),
        ({"filter[id]": "1"}, "filter[id]"),
    ],
)
def test_a_query_that_is_not_understood_is_refused_by_its_name(office, query, parameter):
    answer = office.start("prospectsAddTags", {"tags": ["x"]}, query=query)

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"parameter": parameter})
    assert office.call("list_batches").body["data"] == []


def test_objects_must_be_named(office):
    unnamed = office.start("customObjectBulkDelete", {"ids": [1]})
    misnamed = office.start("customObjectBulkDelete", {"ids": [1]}, query={"actionParams[objectName]": "no such\x00"})

    assert (unnamed.status, unnamed.body["errors"][0]["source"]) == (422, {"parameter": "actionParams[objectName]"})
    assert misnamed.status in (404, 422)
    assert office.call("list_batches").body["data"] == []


@pytest.mark.parametrize(
    "document",
    [
        {"data": {"attributes": {"ids": [1], "tags": ["x"]}}, "type": "string"},
        {"data": {"type": "batch", "attributes": {"ids": ["1"], "tags": ["x"]}}},
        {"data": {"attributes": {"ids": [1], "tags": ["x"]}, "type": 7}},
        {"data": {"attributes": {"ids": [1], "tags": ["x"]}}},
    ],
)
def test_the_type_may_stand_anywhere_and_say_anything(office, document):
    answer = office.call("start_bulk_action", document, action="prospectsAddTags")

    assert answer.status == 200


def test_a_key_needs_the_scope_of_what_the_action_is_about(office):
    batches = with_scopes(office.caller, "batches.write")
    both = with_scopes(office.caller, "batches.write", "prospects.write")
    document = {"data": {"attributes": {"ids": [1], "tags": ["x"]}}}

    refused = batches("start_bulk_action", document, action="prospectsAddTags", group="outreach")
    other = both("start_bulk_action", document, action="accountAddTags", group="outreach")
    allowed = both("start_bulk_action", document, action="prospectsAddTags", group="outreach")

    assert [answer.status for answer in (refused, other, allowed)] == [403, 403, 200]
    assert "prospects.write" in refused.body["errors"][0]["detail"]
