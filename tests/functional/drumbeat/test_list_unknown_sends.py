"""GET /drumbeat/v1/unknown_sends"""

import pytest

from drumbeat.adapters import aws
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso
from tests.contract.scene import MISSING, everything, settled, tenant_of
from tests.world import Caller, campaign, imported, new_tenant, people

AT = 1_795_251_600_000
PARKED_AT = [AT + 3, AT + 1, AT + 2, AT + 2]


class Parked:
    """A campaign whose first four contacts' mails are in doubt; the fifth one's is not."""

    def __init__(self):
        self.caller = new_tenant()
        outreach = self.caller("create_outreach", {"outreach": {"name": "x"}}).body["id"]
        self.campaign = self.caller("create_campaign", campaign(outreach_id=outreach)).body["id"]
        rows = imported(self.caller, people(5))
        self.caller("enroll", {"contact_import_id": rows}, campaign_id=self.campaign)
        self.contacts = [row["id"] for row in self.caller("list_contact_import_contacts", import_id=rows).body]
        self.enrollments = [row["id"] for row in self.caller("list_enrollments", campaign_id=self.campaign).body]
        for contact, at in zip(self.contacts, PARKED_AT, strict=False):
            self.settle(contact, state=EnrollmentState.PARKED, parked_at=at, parked_reason="lost", step=1, sender=1)

    def settle(self, contact, **state):
        settled(self.caller, self.campaign, contact, **state)

    def call(self, caller=None, **query):
        return (caller or self.caller)("list_unknown_sends", group="drumbeat", query=query)

    def ids(self, **query):
        return [row["enrollment_id"] for row in self.call(**query).body]


@pytest.fixture(scope="module")
def parked(stack):
    return Parked()


@pytest.fixture
def changing(stack):
    """One of a test's own."""
    return Parked()


def test_a_mail_in_doubt_is_shown_with_what_is_needed_to_find_out(parked):
    first = parked.call().body[0]

    assert first == {
        "enrollment_id": parked.enrollments[1],
        "sequence_id": parked.campaign,
        "contact_id": parked.contacts[1],
        "step": 2,
        "sender_id": resource_uuid(Kind.SENDER, tenant_of(parked.caller), 1),
        "parked_at": iso(AT + 1),
        "reason": "lost",
    }


def test_all_that_is_parked_and_nothing_else_is_shown_longest_first(parked):
    assert parked.ids() == [parked.enrollments[place] for place in (1, 2, 3, 0)]


def test_pages_join_without_a_gap(parked):
    first = parked.ids(limit="2")

    assert first + parked.ids(limit="2", after=first[-1]) == parked.ids()
    assert parked.ids(after=parked.ids()[-1]) == []


def test_a_page_goes_on_behind_one_that_was_decided_meanwhile(changing):
    first, second, *rest = changing.ids()
    for spelled in (first, second):
        body = {"verdict": "not_accepted"}
        assert changing.caller("resolve_unknown_send", body, group="drumbeat", enrollment_id=spelled).status == 200

    assert changing.ids(after=second) == rest
    assert changing.ids() == rest


@pytest.mark.parametrize("after", ["never parked", MISSING, "x", "", "é" * 36])
def test_a_cursor_that_is_none_is_not_found(parked, after):
    answer = parked.call(after=parked.enrollments[4] if after == "never parked" else after)

    assert (answer.status, answer.body["code"]) == (404, "not_found")


@pytest.mark.parametrize("limit", ["0", "-1", "x", "10001", "1.5"])
def test_a_limit_that_is_none_is_refused(parked, limit):
    assert parked.call(limit=limit).body["code"] == "validation_failed"


def test_a_deleted_contact_leaves_the_list(changing):
    changing.caller("delete_contact", contact_id=changing.contacts[1])

    assert changing.ids() == [changing.enrollments[place] for place in (2, 3, 0)]


def test_another_tenant_sees_nothing_and_can_not_start_behind_it(parked):
    stranger = new_tenant()

    assert parked.call(stranger).body == []
    assert parked.call(stranger, after=parked.enrollments[1]) == parked.call(stranger, after=MISSING)


def test_looking_costs_a_query_and_a_read_of_many_and_changes_nothing(parked):
    before = everything()

    parked.call()

    assert aws.ledger.requests == {"dynamodb.Query": 1, "dynamodb.BatchGetItem": 1}
    assert everything() == before


def test_a_key_without_the_scope_is_refused(parked):
    key = parked.caller("create_api_key", {"scopes": ["contacts:read"]}).body["plaintext"]

    answer = parked.call(Caller(key))

    assert (answer.status, answer.body["code"]) == (403, "scope_missing")
