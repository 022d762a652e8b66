"""GET /campaigns/{campaign_id}/enrollments"""

import pytest

from tests.contract.ampout import ENROLLMENT_STATUSES
from tests.contract.scene import settled
from tests.world import campaign, imported, new_tenant, people

STATES = [
    {},
    {"sent_at": 1_000},
    {"sent_at": 1_000, "opened_at": 2_000},
    {"sent_at": 1_000, "opened_at": 2_000, "replied_at": 3_000},
    {"sent_at": 1_000, "bounced_at": 4_000, "bounce_reason": "550 no such user"},
]


@pytest.fixture(scope="module")
def enrolled(stack):
    """A campaign with an enrollment in each status, two a batch; answers a listing by query."""
    caller = new_tenant()
    outreach = caller("create_outreach", {"outreach": {"name": "x"}}).body["id"]
    made = caller("create_campaign", campaign(outreach_id=outreach)).body["id"]
    rows = imported(caller, people(len(STATES)))
    caller("enroll", {"contact_import_id": rows, "batch_size": 2}, campaign_id=made)
    for contact, state in zip(caller("list_contact_import_contacts", import_id=rows).body, STATES, strict=True):
        settled(caller, made, contact["id"], **state)
    return lambda **query: caller("list_enrollments", campaign_id=made, query=query)


def _statuses(answer):
    return [row["status"] for row in answer.body]


def test_every_enrollment_shows_the_furthest_it_came(enrolled):
    assert _statuses(enrolled()) == list(ENROLLMENT_STATUSES)


@pytest.mark.parametrize("status", ENROLLMENT_STATUSES)
def test_a_status_finds_its_own_only(enrolled, status):
    assert _statuses(enrolled(status=status)) == [status]


def test_a_batch_number_finds_its_own_only(enrolled):
    assert [row["batch_number"] for row in enrolled(batch_number="2").body] == [2, 2]
    assert enrolled(batch_number="9").body == []


def test_filters_join(enrolled):
    assert _statuses(enrolled(status="opened", batch_number="2")) == ["opened"]
    assert enrolled(status="opened", batch_number="1").body == []


def test_an_empty_filter_filters_nothing(enrolled):
    assert len(enrolled(status="", batch_number="").body) == 5


def test_a_list_can_be_read_in_parts_without_loss_or_repetition(enrolled):
    first = enrolled(limit="2").body
    second = enrolled(limit="2", after=first[-1]["id"]).body
    third = enrolled(after=second[-1]["id"]).body

    assert [*first, *second, *third] == enrolled().body


def test_when_something_happened_is_an_instant(enrolled):
    replied, bounced = enrolled().body[3:]

    assert replied["sent_at"] == "1970-01-01T00:00:01.000Z"
    assert replied["opened_at"] == "1970-01-01T00:00:02.000Z"
    assert replied["replied_at"] == "1970-01-01T00:00:03.000Z"
    assert bounced["bounce_reason"] == "550 no such user"


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "SENT"), ("status", "unsubscribed"), ("batch_number", "-1"), ("batch_number", "x"), ("limit", "0"),
     ("after", "x"), ("after", "00000000-0000-4000-8000-000000000000")],
)  # fmt: skip
def test_a_parameter_that_makes_no_sense_is_named(enrolled, name, value):
    answer = enrolled(**{name: value})

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert answer.body["details"]["errors"][0]["field"] == name
