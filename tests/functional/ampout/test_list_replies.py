"""GET /campaigns/{campaign_id}/replies"""

import pytest

from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import HOUR, iso
from tests.contract.scene import MISSING, settled
from tests.world import campaign, imported, new_tenant, people

AT = 1_795_251_600_000
REPLIED = {"state": EnrollmentState.REPLIED, "step": 1, "sender": 1}


class Replied:
    """A campaign of four contacts, of whom the second and the third have replied."""

    def __init__(self):
        self.caller = new_tenant()
        self.campaign = self.caller("create_campaign", campaign()).body["id"]
        rows = imported(self.caller, people(4))
        self.caller("enroll", {"contact_import_id": rows}, campaign_id=self.campaign)
        self.contacts = [row["id"] for row in self.caller("list_contact_import_contacts", import_id=rows).body]
        sent = {"sent_at": AT, "last_sent_at": AT}
        settled(self.caller, self.campaign, self.contacts[0], **sent)
        settled(self.caller, self.campaign, self.contacts[1], **sent, **REPLIED, replied_at=AT + HOUR)
        settled(self.caller, self.campaign, self.contacts[2], **sent, **REPLIED, replied_at=AT + 2 * HOUR + 59_000)

    def call(self, caller=None, **query):
        return (caller or self.caller)("list_replies", campaign_id=self.campaign, query=query)


@pytest.fixture(scope="module")
def replied(stack):
    return Replied()


def test_who_has_replied_is_listed_the_latest_first(replied):
    rows = replied.call().body

    assert [row["contact_id"] for row in rows] == [replied.contacts[2], replied.contacts[1]]
    assert [row["hours_to_reply"] for row in rows] == [2.02, 1.0]
    assert rows[1]["status"] == "replied"
    assert rows[1]["replied_at"] == iso(AT + HOUR)


def test_a_page_is_as_long_as_asked_for(replied):
    assert len(replied.call(limit="1").body) == 1
    assert replied.call(limit="0").status == 422


def test_who_has_bounced_since_is_no_longer_listed(stack):
    other = Replied()
    settled(other.caller, other.campaign, other.contacts[1], state=EnrollmentState.BOUNCED, bounced_at=AT)

    assert [row["contact_id"] for row in other.call().body] == [other.contacts[2]]


def test_another_tenant_has_no_such_campaign(replied):
    assert (replied.call(new_tenant()).status, replied.call(new_tenant()).body["code"]) == (404, "campaign_not_found")
    assert replied.caller("list_replies", campaign_id=MISSING).status == 404
