"""What becomes of leads when contacts unsubscribe, are deleted, or are taken away through other APIs."""

from functools import partial

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.lead_locks import lock_key
from drumbeat.domain.ids import Kind, enrollment_number, resource_uuid
from tests.functional.myagentmail.leads import Campaign
from tests.world import new_tenant


@pytest.fixture
def campaign(stack):
    return Campaign(partial(new_tenant(), group="myagentmail"))


@pytest.fixture
def relinked(campaign):
    """Somebody who was enrolled as a and is mailed as b."""
    jane = campaign.enrol(leadEmail="a@x.example", context={"a": 1})
    (row,) = campaign.rows({"enrollmentId": jane["id"], "leadEmail": "b@x.example"})
    return row["enrollment"]


def suppress(campaign, email):
    assert campaign.call("suppress", {"emails": [email]}, group="drumbeat").status < 300


def delete_contact(campaign, number):
    contact = resource_uuid(Kind.CONTACT, campaign.tenant, number)
    assert campaign.call("delete_contact", group="ampout", contact_id=contact).status < 300


def context_of(campaign, enrollment):
    return bootstrap.table().get(keys.lead_context(campaign.tenant, campaign.key(enrollment)))


def test_whoever_is_mailed_unsubscribes_and_it_ends(campaign, relinked):
    suppress(campaign, "b@x.example")

    assert campaign.shown(relinked)["state"] == "unsubscribed"


def test_whoever_is_mailed_no_more_unsubscribes_and_it_goes_on(campaign, relinked):
    suppress(campaign, "a@x.example")

    assert campaign.shown(relinked)["state"] == "active"


def test_whoever_is_mailed_no_more_is_deleted_and_it_goes_on(campaign, relinked):
    delete_contact(campaign, campaign.key(relinked).contact)

    assert campaign.shown(relinked) == relinked
    campaign.check_locks()


def test_whoever_is_mailed_is_deleted_and_nobody_is_mailed(campaign, relinked):
    delete_contact(campaign, campaign.stored(relinked).contact)

    assert campaign.shown(relinked)["leadEmail"] is None
    campaign.check_locks()


def test_a_deleted_contact_s_external_id_is_free_and_its_context_gone(campaign):
    jane = campaign.enrol(context={"a": 1})
    assert context_of(campaign, jane) is not None

    delete_contact(campaign, campaign.key(jane).contact)

    assert context_of(campaign, jane) is None
    campaign.check_locks()
    assert campaign.post(leadExternalId=jane["leadExternalId"]).body["created"] is True


def test_what_outreach_deletes_gives_its_external_id_and_its_lead_free(campaign):
    jane, john = campaign.enrol(context={"a": 1}, leadName="Jane"), campaign.enrol()

    answer = campaign.call("delete_sequence_state", group="outreach", id=f"{enrollment_number(campaign.key(jane))}")

    assert answer.status == 204
    assert campaign.stored(jane).lead.name is None
    assert context_of(campaign, jane) is None
    campaign.check_locks()
    (row,) = campaign.rows({"enrollmentId": john["id"], "leadExternalId": jane["leadExternalId"]})
    assert row["ok"]
    campaign.check_locks()


def test_a_lock_whose_holder_is_gone_holds_nobody_up(campaign):
    jane = campaign.enrol()
    for external_id in ("left", "behind"):
        pk, sk = lock_key(campaign.tenant, campaign.sequence, external_id)
        bootstrap.table().put({"PK": pk, "SK": sk, "contact": 99_999, "run": 0})

    (row,) = campaign.rows({"enrollmentId": jane["id"], "leadExternalId": "left"})
    enrolled = campaign.post(leadExternalId="behind")

    assert row["ok"]
    assert enrolled.body["created"] is True
    campaign.check_locks()
