"""POST /campaigns/{campaign_id}/enroll_contact"""

import pytest

from drumbeat import bootstrap
from tests.contract.scene import tenant_of, unsubscribed
from tests.world import campaign, imported, people, started

pytestmark = pytest.mark.ministack


def _contacts(caller, count):
    rows = imported(caller, people(count))
    return [contact["id"] for contact in caller("list_contact_import_contacts", import_id=rows).body]


def _enroll(caller, campaign_id, contact_id, **changes):
    return caller("enroll_contact", {"contact_id": contact_id} | changes, campaign_id=campaign_id)


def _order_of_the_queue(caller):
    """The enrollments of the caller's first campaign in the order in which they will be sent."""
    return [waiting.enrollment.contact for waiting in bootstrap.lanes().new(tenant_of(caller), 1)]


def test_a_contact_goes_into_batch_zero_unless_said_otherwise(bulk_caller):
    target, (one, two) = started(bulk_caller), _contacts(bulk_caller, 2)

    plain, placed = _enroll(bulk_caller, target, one), _enroll(bulk_caller, target, two, batch_number=3)

    assert plain.body == {"id": plain.body["id"], "contact_id": one, "batch_number": 0, "status": "pending"}
    assert placed.body["batch_number"] == 3
    listed = bulk_caller("list_enrollments", campaign_id=target).body
    assert [row["id"] for row in listed] == [plain.body["id"], placed.body["id"]]


def test_enrolling_twice_is_refused_and_there_is_one_enrollment(bulk_caller):
    target, (one,) = started(bulk_caller), _contacts(bulk_caller, 1)
    _enroll(bulk_caller, target, one)

    again = _enroll(bulk_caller, target, one, batch_number=9)

    assert (again.status, again.body["code"]) == (422, "contact_already_enrolled")
    listed = bulk_caller("list_enrollments", campaign_id=target).body
    assert [row["batch_number"] for row in listed] == [0]


def test_a_contact_of_a_sibling_is_refused_where_contacts_are_unique(bulk_caller):
    outreach = bulk_caller("create_outreach", {"outreach": {"name": "x", "unique_contacts": True}}).body["id"]
    first, second = (started(bulk_caller, outreach_id=outreach) for _ in range(2))
    (one,) = _contacts(bulk_caller, 1)
    _enroll(bulk_caller, first, one)

    refused = _enroll(bulk_caller, second, one)

    assert (refused.status, refused.body["code"]) == (422, "contact_already_enrolled")
    assert bulk_caller("list_enrollments", campaign_id=second).body == []


def test_priority_goes_first_within_its_batch_and_a_lower_batch_before_it(bulk_caller):
    target, (one, two, three) = started(bulk_caller), _contacts(bulk_caller, 3)
    _enroll(bulk_caller, target, one, batch_number=1)
    _enroll(bulk_caller, target, two, batch_number=1, priority=True)
    _enroll(bulk_caller, target, three, batch_number=0)

    assert _order_of_the_queue(bulk_caller) == [3, 2, 1]


@pytest.mark.parametrize("truthy", [True, 1, "1", "true", "yes", [1], {"a": 1}])
def test_whatever_is_truthy_is_priority(bulk_caller, truthy):
    target, (one, two) = started(bulk_caller), _contacts(bulk_caller, 2)
    _enroll(bulk_caller, target, one)

    _enroll(bulk_caller, target, two, priority=truthy)

    assert _order_of_the_queue(bulk_caller) == [2, 1]


@pytest.mark.parametrize("falsy", [False, 0, None, "", "0", "false"])
def test_whatever_is_not_truthy_waits_its_turn(bulk_caller, falsy):
    target, (one, two) = started(bulk_caller), _contacts(bulk_caller, 2)
    _enroll(bulk_caller, target, one)

    _enroll(bulk_caller, target, two, priority=falsy)

    assert _order_of_the_queue(bulk_caller) == [1, 2]


def test_who_has_unsubscribed_is_refused(bulk_caller):
    target, (one,) = started(bulk_caller), _contacts(bulk_caller, 1)
    unsubscribed(bulk_caller, one)

    refused = _enroll(bulk_caller, target, one)

    assert refused.status == 422
    assert bulk_caller("list_enrollments", campaign_id=target).body == []


@pytest.mark.parametrize("number", [-1, 1_000_000_001, 1.5, "x", None])
def test_a_batch_number_that_is_none_is_refused(bulk_caller, number):
    target, (one,) = started(bulk_caller), _contacts(bulk_caller, 1)

    refused = _enroll(bulk_caller, target, one, batch_number=number)

    assert (refused.status, refused.body["code"]) == (422, "validation_failed")
    assert bulk_caller("list_enrollments", campaign_id=target).body == []


def test_an_active_campaign_hears_of_a_new_contact(bulk_caller):
    one, two = _contacts(bulk_caller, 2)
    target = bulk_caller("create_campaign", campaign()).body["id"]
    _enroll(bulk_caller, target, one)
    bulk_caller("dispatch_campaign", campaign_id=target)

    _enroll(bulk_caller, target, two)

    mine = [lane for lane in bootstrap.lanes().awake(2**50) if lane.tenant == tenant_of(bulk_caller)]
    assert len(mine) == 1
