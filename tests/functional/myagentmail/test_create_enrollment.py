"""POST /v1/cadences/{cadence_id}/enrollments"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.enrollment import EnrollmentState
from tests.functional.myagentmail.account import inbox, with_key
from tests.functional.myagentmail.furniture import CONNECT, EMAIL, refused
from tests.functional.myagentmail.leads import MIXED, SESSION, Campaign

URL = "https://www.linkedin.com/in/jane-doe-1a2b3c/"


@pytest.fixture
def campaign(call):
    return Campaign(call)


def test_everything_that_is_given_is_shown(campaign):
    lead = {
        "leadExternalId": "crm-1",
        "leadName": "Jane van Doe",
        "leadEmail": "jane@X.example",
        "leadLinkedinUrl": URL,
        "leadProfileUrn": "urn:li:person:1",
        "sessionId": SESSION,
        "inboxId": campaign.inbox,
        "context": {"product": "Drumbeat", "score": 0.5, "none": None, "tags": ["a", {"b": 1}]},
    }

    answer = campaign.post(**lead)

    assert answer.status == 200
    assert set(answer.body) == {"ok", "created", "enrollment"}
    assert answer.body["created"] is True
    told = answer.body["enrollment"]
    assert told == {
        **lead,
        "id": told["id"],
        "cadenceId": campaign.id,
        "state": "active",
        "exitReason": None,
        "leadEmail": "jane@x.example",
        "currentStepIndex": 0,
        "nextStepDueAt": told["createdAt"],
        "awaiting": None,
        "lastError": None,
        "lastStepAt": None,
        "acceptedAt": None,
        "repliedAt": None,
        "createdAt": told["createdAt"],
    }
    assert campaign.shown(told) == told
    contact = bootstrap.contacts().get(campaign.tenant, campaign.key(told).contact)
    assert (contact.email, contact.first_name, contact.last_name) == ("jane@x.example", "Jane", "van Doe")
    campaign.check_locks()


def test_the_same_external_id_again_answers_the_same_row_and_changes_nothing(campaign):
    jane = campaign.enrol(leadName="Jane")

    again = campaign.post(leadExternalId=jane["leadExternalId"], leadName="Joan", leadEmail="joan@x.example")

    assert again.body["created"] is False
    assert again.body["enrollment"] == jane == campaign.shown(jane)


def test_the_same_external_id_in_another_cadence_is_another_row(campaign, call):
    jane = campaign.enrol()

    assert Campaign(call).post(leadExternalId=jane["leadExternalId"]).body["created"] is True


def test_an_address_that_has_a_contact_is_that_contact_s_enrolment(campaign, call):
    elsewhere = Campaign(call)
    jane = elsewhere.enrol()

    here = campaign.enrol(leadEmail=jane["leadEmail"].upper())

    assert campaign.key(here).contact == elsewhere.key(jane).contact
    assert here["leadEmail"] == jane["leadEmail"]


def test_a_person_who_is_in_the_cadence_is_not_enrolled_beside_it(campaign):
    jane = campaign.enrol()

    again = campaign.post(leadEmail=jane["leadEmail"])

    assert (again.body["created"], again.body["enrollment"]["id"]) == (False, jane["id"])


def test_who_has_been_through_it_may_come_again_as_the_next_run(campaign):
    jane = campaign.enrol()
    campaign.put(replace(campaign.stored(jane), state=EnrollmentState.FINISHED))

    again = campaign.post(leadEmail=jane["leadEmail"])

    assert again.body["created"] is True
    assert campaign.key(again.body["enrollment"]).run == 1


def test_an_address_that_a_row_was_relinked_to_is_in_the_cadence_and_the_one_it_left_is_not(campaign):
    jane = campaign.enrol(leadEmail="a@x.example")
    campaign.rows({"enrollmentId": jane["id"], "leadEmail": "b@x.example"})

    taken, free = campaign.post(leadEmail="b@x.example"), campaign.post(leadEmail="a@x.example")

    assert (taken.body["created"], taken.body["enrollment"]["id"]) == (False, jane["id"])
    assert (free.body["created"], campaign.key(free.body["enrollment"]).run) == (True, 1)


def test_without_an_address_it_waits_for_one(campaign):
    jane = campaign.enrol(leadEmail=None)

    assert (jane["leadEmail"], jane["state"]) == (None, "active")


def test_whoever_unsubscribed_is_refused_and_nothing_is_stored(campaign, call):
    call("suppress", {"emails": ["out@x.example"]}, group="drumbeat")

    answer = campaign.post(leadExternalId="crm-out", leadEmail="out@x.example")

    assert (answer.status, answer.body["code"]) == (422, "cannot_be_mailed")
    assert campaign.holder("crm-out") is None


def test_what_the_steps_need_is_demanded_by_its_name(call):
    mixed = Campaign(call, steps=MIXED)

    assert refused(mixed.post(inboxId=None)) == ["inboxId"]
    assert refused(mixed.post(sessionId=None)) == ["sessionId"]
    assert refused(mixed.post(inboxId="x")) == ["inboxId"]
    assert refused(mixed.post(inboxId="b7378af5-38f7-8f84-b2a5-8d9f19bc9c78")) == ["inboxId"]


def test_linkedin_alone_needs_no_inbox_and_goes_through_the_connector(call):
    linkedin = Campaign(call, steps=[CONNECT])

    jane = linkedin.enrol(inboxId=None)

    assert jane["inboxId"] is None
    assert linkedin.stored(jane).bound


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("leadExternalId", None),
        ("leadExternalId", ""),
        ("leadExternalId", 5),
        ("leadEmail", "x"),
        ("leadLinkedinUrl", "x"),
        ("context", []),
        ("context", {"text": "x" * 16_384}),
        ("context", {"text": "\ud800"}),
        ("context", {"\ud800": 1}),
        ("startAt", "tomorrow"),
    ],
)
def test_a_value_that_is_none_is_refused_by_its_field(campaign, field, value):
    assert refused(campaign.post(**{field: value})) == [field]


def test_a_wrong_field_name_is_named_and_not_fatal(campaign):
    answer = campaign.post(leadProfileUrl=URL)

    assert (answer.status, answer.headers["X-Unknown-Fields"]) == (200, "leadProfileUrl")


def test_it_may_start_later(campaign):
    jane = campaign.enrol(startAt="2030-01-01T12:00:00+02:00")

    assert jane["nextStepDueAt"] == "2030-01-01T10:00:00.000Z"
    assert campaign.stored(jane).timed


def test_its_inbox_looks_at_the_next_tick(campaign):
    jane = campaign.enrol()

    senders = [lane.sender for lane in bootstrap.lanes().awake(10**15) if lane.tenant == campaign.tenant]
    assert campaign.stored(jane).sender in senders


def test_an_unknown_cadence_is_not_found(call, other):
    theirs = Campaign(other)

    for cadence_id in ("x", theirs.id):
        answer = call("create_enrollment", {"leadExternalId": "a"}, cadence_id=cadence_id)
        assert answer.status == 404


def test_an_inbox_s_key_enrols_with_its_inbox_only_and_sees_no_other_row(campaign, call):
    mine = with_key(call, inboxId=campaign.inbox)
    second = inbox(call, email="second@acme.example")
    hers = campaign.enrol(inboxId=second)

    def post(**lead):
        usual = {"leadExternalId": "crm-ak", "leadEmail": "ak@x.example", "inboxId": campaign.inbox}
        return mine("create_enrollment", usual | lead, cadence_id=campaign.id)

    assert post().body["created"] is True
    assert refused(post(leadExternalId="other", inboxId=second)) == ["inboxId"]
    there = post(leadExternalId=hers["leadExternalId"])
    assert (there.status, "enrollment" in there.body) == (409, False)
    assert post(leadExternalId="new", leadEmail=hers["leadEmail"]).status == 409


def test_the_sequence_s_throttle_holds(call):
    campaign = Campaign(call, steps=[EMAIL])
    bootstrap.table().update(
        keys.sequence(campaign.tenant, campaign.sequence), "SET max_active = :one", values={":one": 1}
    )

    first, second = campaign.enrol(), campaign.enrol()

    assert [campaign.stored(lead).state for lead in (first, second)] == [EnrollmentState.ACTIVE, EnrollmentState.HELD]
    assert second["state"] == "active"


def requests_of(act):
    assert act().status == 200
    return bootstrap.ledger.datastore_requests()


def test_enrolling_costs_few_requests(campaign):
    known = campaign.enrol()
    campaign.put(replace(campaign.stored(known), state=EnrollmentState.FINISHED))

    assert requests_of(lambda: campaign.post(context={"a": 1})) <= 5
    assert requests_of(lambda: campaign.post(leadEmail=known["leadEmail"])) <= 8
    assert requests_of(lambda: campaign.post(leadExternalId=known["leadExternalId"])) <= 3
