"""A crash between any two AWS calls of an enrol call, then the same request: the same enrolments, once."""

import pytest

from drumbeat.adapters.dynamodb.keys import PAGE
from tests.faults import Crash, fault
from tests.world import Caller, imported, new_tenant, people, started

ROWS = 60


def _list(caller: Caller, campaign: str) -> list[tuple[str, int]]:
    rows = caller("list_enrollments", campaign_id=campaign).body
    return [(row["contact_id"], row["batch_number"]) for row in rows]


def _campaign_with_people() -> tuple[Caller, str, str]:
    caller = new_tenant()
    return caller, imported(caller, people(ROWS)), started(caller)


def _people_on_two_pages() -> tuple[Caller, str, str]:
    caller = new_tenant()
    imported(caller, [{"email": "filler@corp.example"}] * (PAGE - ROWS // 2))
    return caller, imported(caller, people(ROWS)), started(caller)


def _in_an_outreach() -> tuple[Caller, str, str]:
    caller = new_tenant()
    outreach = caller("create_outreach", {"outreach": {"name": "o", "unique_contacts": True}}).body["id"]
    return caller, imported(caller, people(ROWS)), started(caller, outreach_id=outreach)


def _while_it_is_active() -> tuple[Caller, str, str]:
    caller, rows, campaign = _campaign_with_people()
    first = imported(caller, [{"email": "first@corp.example"}])
    caller("enroll", {"contact_import_id": first}, campaign_id=campaign)
    assert caller("dispatch_campaign", campaign_id=campaign).status == 200
    return caller, rows, campaign


@pytest.mark.ministack
@pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
@pytest.mark.parametrize(
    ("prepare", "keyed"),
    [
        (_campaign_with_people, False),
        (_campaign_with_people, True),
        (_people_on_two_pages, False),
        (_in_an_outreach, True),
        (_while_it_is_active, False),
    ],
)
def test_the_same_request_after_a_crash_at_any_call_enrols_everybody_once(ministack, prepare, after, keyed):
    calm, rows, campaign = prepare()
    with fault(0, after=after) as counted:
        expected = calm("enroll", {"contact_import_id": rows, "batch_size": 25}, campaign_id=campaign)
    batches = sorted(number for _, number in _list(calm, campaign))
    assert len(counted.calls) >= 7
    for k in range(1, len(counted.calls) + 1):
        caller, rows, campaign = prepare()
        headers = {"Idempotency-Key": f"k{k}"} if keyed else {}
        request = {"contact_import_id": rows, "batch_size": 25}
        caller.context.remaining = 0  # the dead attempt's lock has run out by the time the client tries again
        with fault(k, after=after), pytest.raises(Crash):
            caller("enroll", request, campaign_id=campaign, headers=headers)

        again = caller("enroll", request, campaign_id=campaign, headers=headers)

        assert again.status == 200, (k, again)
        there = _list(caller, campaign)
        assert len(there) == len(set(there)) == len(batches), k
        assert sorted(number for _, number in there) == batches, k
        if keyed:
            assert again.body == expected.body, k
