"""GET /campaigns/{campaign_id}"""

import pytest

from tests.contract.scene import settled
from tests.world import campaign, imported, people

SENT, OPENED, REPLIED, BOUNCED = {"sent_at": 1}, {"opened_at": 2}, {"replied_at": 3}, {"bounced_at": 4}


def _enrolled(caller, states):
    """A campaign with one enrollment in each state."""
    outreach = caller("create_outreach", {"outreach": {"name": "x"}}).body["id"]
    made = caller("create_campaign", campaign(outreach_id=outreach)).body["id"]
    rows = imported(caller, people(len(states)))
    caller("enroll", {"contact_import_id": rows}, campaign_id=made)
    contacts = caller("list_contact_import_contacts", import_id=rows).body
    for contact, state in zip(contacts, states, strict=True):
        settled(caller, made, contact["id"], **state)
    return caller("get_campaign", campaign_id=made).body


def test_an_empty_campaign_has_zeros_and_no_division(caller):
    shown = caller("get_campaign", campaign_id=caller("create_campaign", campaign()).body["id"]).body

    assert shown["totals"] == {"pending": 0, "sent": 0, "opened": 0, "replied": 0, "bounced": 0}
    assert shown["rates"] == {"open_rate": 0.0, "reply_rate": 0.0, "bounce_rate": 0.0}


def test_each_enrollment_counts_once_by_the_furthest_it_came(caller):
    shown = _enrolled(
        caller, [{}, SENT, SENT | OPENED, SENT | REPLIED, SENT | OPENED | REPLIED, SENT | OPENED | BOUNCED]
    )

    assert shown["totals"] == {"pending": 1, "sent": 1, "opened": 1, "replied": 2, "bounced": 1}


def test_rates_are_percentages_of_what_was_delivered_or_tried(caller):
    shown = _enrolled(caller, [SENT, SENT, SENT | OPENED, SENT | REPLIED, SENT | BOUNCED])

    assert shown["rates"] == {"open_rate": 50.0, "reply_rate": 25.0, "bounce_rate": 20.0}


@pytest.mark.parametrize("spelled", ["x", "", "0" * 32, "null", "é", "../campaigns", "a" * 5000])
def test_an_id_that_is_none_is_not_found(caller, spelled):
    answer = caller("get_campaign", campaign_id=spelled)

    assert (answer.status, answer.body["code"]) == (404, "campaign_not_found")


def test_an_id_in_another_spelling_is_not_found_and_in_capitals_it_is(caller):
    made = caller("create_campaign", campaign()).body["id"]

    spellings = [made.replace("-", ""), f"{{{made}}}", f"urn:uuid:{made}"]

    assert [caller("get_campaign", campaign_id=spelled).status for spelled in spellings] == [404, 404, 404]
    assert caller("get_campaign", campaign_id=made.upper()).body["id"] == made
