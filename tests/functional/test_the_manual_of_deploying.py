"""The first campaign of docs/deploy.md is taken as it is printed there."""

import json
import re

import pytest

from tests.world import new_tenant
from tools.template import ROOT

PAGE = (ROOT / "docs/deploy.md").read_text()


def printed(path: str) -> dict:
    """The body that is printed for a call to this path."""
    found = re.search(rf"call \$API{re.escape(path)}(?: -H '[^']*')? -d '([^']*)'", PAGE)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.usefixtures("aws")
def test_the_first_campaign_is_made_enrolled_and_begun():
    caller = new_tenant()

    contacts = caller("create_contact_import", printed("/contact_imports"))
    campaign = caller("create_campaign", printed("/campaigns"))
    assert (contacts.status, campaign.status) == (201, 201)
    assert contacts.body["record_count"] == 1

    made = {"campaign_id": campaign.body["id"]}
    assert caller("enroll", {"contact_import_id": contacts.body["id"]}, **made).body["enrolled"] == 1
    sender = printed("/drumbeat/v1/sequences/$CAMPAIGN/senders")
    assert caller("create_sender", sender, group="drumbeat", sequence_id=made["campaign_id"]).status == 201
    assert caller("dispatch_campaign", **made).body["status"] == "active"
