"""POST /v1/cadences/{cadence_id}/enrollments/bulk-relink"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.application.lead_ports import Wanted
from drumbeat.domain.enrollment import EnrollmentState
from tests.contract.scene import furnished
from tests.functional.myagentmail.account import inbox
from tests.functional.myagentmail.leads import SESSION, Campaign, codes

URL = "https://www.linkedin.com/in/jane-doe-1a2b3c/"


@pytest.fixture
def campaign(call):
    return Campaign(call)


def change(enrollment, **fields):
    return {"enrollmentId": enrollment["id"], **fields}


def test_the_worked_example_is_answered_as_it_is_printed(campaign):
    jane, john = campaign.enrol(), campaign.enrol()

    answer = campaign.relink(
        change(jane, leadName="Jane Doe", leadLinkedinUrl=URL), change(john, leadName="John Smith"), retryNow="true"
    )

    assert answer.status == 200
    assert answer.body == {
        "ok": True,
        "succeeded": 2,
        "failed": 0,
        "results": [
            {"ok": True, "enrollmentId": jane["id"], "enrollment": campaign.shown(jane)},
            {"ok": True, "enrollmentId": john["id"], "enrollment": campaign.shown(john)},
        ],
    }
    assert campaign.shown(jane)["leadName"] == "Jane Doe"


def test_one_row_in_a_terminal_state_fails_alone(campaign):
    jane, john = campaign.enrol(), campaign.enrol()
    campaign.put(replace(campaign.stored(john), state=EnrollmentState.REPLIED))

    answer = campaign.relink(change(jane, leadName="Jane Doe"), change(john, leadName="John Smith"))

    assert (answer.body["succeeded"], answer.body["failed"]) == (1, 1)
    assert answer.body["results"][1] == {
        "ok": False,
        "enrollmentId": john["id"],
        "code": "ENROLLMENT_TERMINAL_STATE",
        "error": "Enrollment is in terminal state 'replied'; lead identity cannot be modified.",
        "detail": {"state": "replied"},
    }


FIELDS = {
    "leadName": "Jane",
    "leadEmail": "someone.else@x.example",
    "leadLinkedinUrl": URL,
    "leadProfileUrn": "urn:li:person:1",
    "leadExternalId": "crm-x",
    "sessionId": SESSION,
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_set_kept_and_cleared(campaign, field):
    jane = campaign.enrol()

    (was_set,) = campaign.rows(change(jane, **{field: FIELDS[field]}))
    (kept,) = campaign.rows(change(jane))
    (cleared,) = campaign.rows(change(jane, **{field: None}))

    assert was_set["enrollment"] == campaign.shown(jane) | {field: FIELDS[field]}
    assert kept["enrollment"] == was_set["enrollment"]
    assert cleared["enrollment"] == was_set["enrollment"] | {field: None}
    campaign.check_locks()


def test_another_inbox_and_none(campaign, call):
    jane, other = campaign.enrol(), inbox(call, email="second@acme.example")

    (moved,) = campaign.rows(change(jane, inboxId=other))
    (cleared,) = campaign.rows(change(jane, inboxId=None))

    assert moved["enrollment"]["inboxId"] == other
    assert cleared["enrollment"]["inboxId"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("leadName", 5),
        ("leadName", ""),
        ("leadEmail", "x"),
        ("leadLinkedinUrl", "linkedin.com/in/x"),
        ("leadExternalId", "a\nb"),
        ("inboxId", "x"),
        ("inboxId", "b7378af5-38f7-8f84-b2a5-8d9f19bc9c78"),
        ("sessionId", []),
    ],
)
def test_a_value_that_is_none_fails_its_row_and_names_the_field(campaign, field, value):
    jane, john = campaign.enrol(), campaign.enrol()

    bad, good = campaign.rows(change(jane, **{field: value}, leadProfileUrn="urn"), change(john, leadName="John"))

    assert (bad["code"], good["ok"]) == ("PATCH_FAILED", True)
    assert set(bad) == {"ok", "enrollmentId", "code", "error"}
    assert field in bad["error"]
    assert campaign.shown(jane) == jane


def test_nobody_is_relinked_to_an_address_that_unsubscribed(campaign, call):
    jane, john = campaign.enrol(), campaign.enrol()
    call("suppress", {"emails": [john["leadEmail"]]}, group="drumbeat")
    campaign.call("suppress", {"emails": ["never@x.example"]}, group="drumbeat")

    known, unknown = campaign.rows(change(jane, leadEmail=john["leadEmail"]), change(jane, leadEmail="never@x.example"))

    assert codes([known, unknown]) == ["PATCH_FAILED", "PATCH_FAILED"]
    assert campaign.shown(jane) == jane


def test_mixed_rows_are_answered_in_their_order(campaign, call, other):
    elsewhere, stranger = Campaign(call).enrol(), Campaign(other).enrol()
    jane, john = campaign.enrol(), campaign.enrol()
    rows = [
        change(jane, leadExternalId=john["leadExternalId"]),
        {"enrollmentId": "01HZaaaa", "leadName": "x"},
        change(elsewhere, leadName="x"),
        change(stranger, leadName="x"),
        change(john, leadName="John"),
        change(jane, leadEmail="x"),
    ]

    found = campaign.rows(*rows)

    assert codes(found) == [
        "LEAD_EXTERNAL_ID_CONFLICT",
        "NOT_FOUND",
        "CADENCE_MISMATCH",
        "NOT_FOUND",
        None,
        "PATCH_FAILED",
    ]
    assert [row["enrollmentId"] for row in found] == [row["enrollmentId"] for row in rows]
    assert found[0]["detail"] == {"conflictingExternalId": john["leadExternalId"]}


def test_ids_change_hands_in_the_order_of_the_rows(campaign):
    jane, john = campaign.enrol(), campaign.enrol()
    hers, his = jane["leadExternalId"], john["leadExternalId"]

    swapped = campaign.rows(change(jane, leadExternalId=his), change(john, leadExternalId=hers))
    freed = campaign.rows(
        change(jane, leadExternalId="aside"), change(john, leadExternalId=hers), change(jane, leadExternalId=his)
    )

    assert codes(swapped) == ["LEAD_EXTERNAL_ID_CONFLICT"] * 2
    assert codes(freed) == [None] * 3
    assert (campaign.holder(hers), campaign.holder(his)) == (campaign.key(john), campaign.key(jane))
    campaign.check_locks()


def test_the_same_enrolment_twice_is_applied_in_order(campaign):
    jane = campaign.enrol()

    first, second = campaign.rows(change(jane, leadName="Jane", leadProfileUrn="urn"), change(jane, leadName="Joan"))

    assert (first["enrollment"]["leadName"], second["enrollment"]["leadName"]) == ("Jane", "Joan")
    assert campaign.shown(jane)["leadProfileUrn"] == "urn"


def test_each_row_shows_the_address_that_it_brought(campaign):
    jane = campaign.enrol()

    first, second = campaign.rows(change(jane, leadEmail="one@y.example"), change(jane, leadEmail="two@y.example"))

    shown = [row["enrollment"]["leadEmail"] for row in (first, second)]
    assert shown == ["one@y.example", "two@y.example"]
    assert campaign.shown(jane) == second["enrollment"]


def test_a_new_address_makes_a_contact_with_the_lead_s_name_and_a_known_one_finds_it(campaign):
    jane, john = campaign.enrol(), campaign.enrol()

    campaign.rows(
        change(jane, leadEmail="Jane.Doe@Y.example", leadName="Jane van Doe"),
        change(john, leadEmail="jane.doe@y.example"),
    )

    hers, his = campaign.stored(jane), campaign.stored(john)
    contact = bootstrap.contacts().get(campaign.tenant, hers.contact)
    assert (contact.email, contact.first_name, contact.last_name) == ("Jane.Doe@y.example", "Jane", "van Doe")
    assert his.contact == hers.contact
    assert hers.key.contact != hers.contact


def test_rows_that_fail_leave_no_contact_behind(campaign):
    jane, john = campaign.enrol(), campaign.enrol()

    campaign.rows(change(jane, leadEmail="nobody@y.example", leadExternalId=john["leadExternalId"]))

    wanted = Wanted(campaign.sequence, addresses=["nobody@y.example"])
    assert bootstrap.leads().look(campaign.tenant, wanted).people == {}


def test_retry_now_makes_only_rows_that_succeed_due(campaign):
    jane, john, jack = campaign.enrol(), campaign.enrol(), campaign.enrol()
    for lead in (jane, john, jack):
        campaign.put(replace(campaign.stored(lead), step=1, due=campaign.stored(lead).due + 10**8))
    later = campaign.shown(john)["nextStepDueAt"]

    campaign.rows(change(jane), change(john, leadExternalId=jack["leadExternalId"]), retryNow="true")

    assert campaign.shown(jane)["nextStepDueAt"] < later
    assert campaign.shown(john)["nextStepDueAt"] == later
    assert campaign.stored(jane).epoch == 1


def test_without_retry_now_nothing_is_due_sooner(campaign):
    jane = campaign.enrol()

    campaign.rows(change(jane, leadName="Jane"), retryNow="false")

    assert campaign.shown(jane)["nextStepDueAt"] == jane["nextStepDueAt"]


@pytest.mark.parametrize("updates", [None, {}, "x", [5], [{}], [{"enrollmentId": 5}], [{"enrollmentId": None}]])
def test_a_body_of_another_shape_is_refused_as_a_whole(campaign, updates):
    answer = campaign.call("bulk_relink", {"updates": updates}, cadence_id=campaign.id)

    assert answer.status == 400
    assert answer.body["details"][0]["field"].startswith("updates")


def test_more_than_a_hundred_rows_are_refused_and_nothing_is_written(campaign):
    jane = campaign.enrol()

    answer = campaign.relink(*[change(jane, leadName="x")] * 101)

    assert answer.status == 400
    assert campaign.shown(jane) == jane


def test_no_rows_are_answered_with_zeros(campaign):
    assert campaign.relink().body == {"ok": True, "succeeded": 0, "failed": 0, "results": []}


def test_an_unknown_cadence_is_not_found(call, other):
    theirs = Campaign(other)

    for cadence_id in ("x", theirs.id):
        answer = call("bulk_relink", {"updates": []}, cadence_id=cadence_id)
        assert (answer.status, answer.body["error"]) == (404, "Cadence not found.")


def test_fields_that_nobody_knows_are_named(campaign):
    jane = campaign.enrol()

    answer = campaign.relink(change(jane, leadProfileUrl=URL))

    assert answer.body["succeeded"] == 1
    assert answer.headers["X-Unknown-Fields"] == "updates.leadProfileUrl"


def test_what_is_being_sent_is_refused_for_now(campaign):
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), owner="worker", lease=10**15))

    (row,) = campaign.rows(change(jane, leadEmail="new@x.example"))

    assert (row["code"], "minute" in row["error"]) == ("PATCH_FAILED", True)


def test_a_hundred_rows_in_a_chain_of_ids_all_succeed(campaign):
    leads = [campaign.enrol(leadExternalId=f"chain-{place}") for place in range(100)]

    found = campaign.rows(*(change(lead, leadExternalId=f"chain-{place - 1}") for place, lead in enumerate(leads)))

    assert codes(found) == [None] * 100
    campaign.check_locks()


ROWS = 100
REQUESTS = 0.15 * ROWS + 2


@pytest.fixture
def hundred(campaign):
    leads = [campaign.enrol() for _ in range(ROWS)]
    campaign.rows(change(leads[0]), retryNow="true")
    return leads


def test_a_hundred_names_cost_few_requests(campaign, hundred):
    answer = campaign.relink(*(change(lead, leadName=f"N {n}") for n, lead in enumerate(hundred)), retryNow="true")

    assert answer.body["succeeded"] == ROWS
    assert bootstrap.ledger.datastore_requests() <= REQUESTS


def test_a_hundred_addresses_cost_few_requests(campaign, hundred):
    rows = [change(lead, leadEmail=f"new{n}.{campaign.tenant}@y.example") for n, lead in enumerate(hundred)]

    answer = campaign.relink(*rows, retryNow="true")

    assert answer.body["succeeded"] == ROWS
    assert bootstrap.ledger.datastore_requests() <= REQUESTS


def test_a_hundred_external_ids_cost_less_than_a_transaction_each(campaign, hundred):
    answer = campaign.relink(*(change(lead, leadExternalId=f"new-{n}") for n, lead in enumerate(hundred)))

    assert answer.body["succeeded"] == ROWS
    assert bootstrap.ledger.datastore_requests() <= REQUESTS
    campaign.check_locks()


def test_an_ampout_campaign_s_enrolment_is_relinked(stack):
    scene = furnished()
    cadence_id = scene.path_of("enroll_contact")["campaign_id"]

    def call(operation, body=None, **options):
        return scene.caller(operation, body, group="myagentmail", **options)

    (before,) = call("list_enrollments", cadence_id=cadence_id).body["items"]
    wanted = {"leadExternalId": "crm-1", "leadName": "Jane", "leadEmail": "jane@y.example", "leadLinkedinUrl": URL}

    answer = call("bulk_relink", {"updates": [change(before, **wanted)]}, cadence_id=cadence_id)

    (row,) = answer.body["results"]
    assert row["enrollment"] == before | wanted
    assert call("list_enrollments", query={"leadExternalId": "crm-1"}, cadence_id=cadence_id).body["items"] == [
        row["enrollment"]
    ]
