"""Enrolling a lead dies at every call, before it and after it, and is said again."""

from functools import partial

import pytest

from drumbeat import bootstrap
from tests.contract.scene import empty_stack
from tests.faults import Crash, fault
from tests.functional.myagentmail.leads import Campaign
from tests.world import new_tenant

CALLS = {"stranger": 7, "known": 10}
EACH = [(kind, call) for kind, most in CALLS.items() for call in range(1, most + 1)]


@pytest.fixture(scope="module")
def stack():
    with empty_stack():
        yield


@pytest.fixture
def campaign(stack):
    return Campaign(partial(new_tenant(), group="myagentmail"))


def lead_of(campaign, kind):
    campaign.call("list_cadences")
    if kind == "stranger":
        return {"leadExternalId": "crm", "leadEmail": "jane@x.example", "context": {"a": 1}}
    elsewhere = Campaign(campaign.call)
    return {"leadExternalId": "crm", "leadEmail": elsewhere.enrol()["leadEmail"]}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("kind", "call"), EACH)
def test_said_again_there_is_one_enrolment_and_its_lock(campaign, kind, call, after):
    lead = lead_of(campaign, kind)
    with fault(call, after=after), pytest.raises(Crash):
        campaign.post(**lead)

    told = campaign.enrol(**lead)

    assert campaign.shown(told) == told
    assert told["leadEmail"] == lead["leadEmail"]
    rows = list(bootstrap.enrollments().of_sequence(campaign.tenant, campaign.sequence))
    assert len(rows) == 1
    campaign.check_locks()


@pytest.mark.parametrize("kind", CALLS)
def test_these_are_all_calls(campaign, kind):
    lead = lead_of(campaign, kind)
    with fault(0, after=False) as counted:
        campaign.post(**lead)

    assert len(counted.calls) == CALLS[kind], counted.calls
