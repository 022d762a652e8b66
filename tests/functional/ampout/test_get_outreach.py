"""GET /outreaches/{outreach_id}"""

from tests.contract.scene import settled
from tests.world import campaign


def test_its_campaigns_are_listed_oldest_first(scene):
    second = scene.caller("create_campaign", campaign(name="Second", outreach_id=scene.outreach_id)).body["id"]
    scene.caller("create_campaign", campaign(name="Elsewhere"))

    shown = scene.call("get_outreach").body

    assert shown["campaigns"] == [
        {"id": scene.campaign_id, "name": "Spring", "status": "pending"},
        {"id": second, "name": "Second", "status": "pending"},
    ]


def test_the_totals_are_those_of_all_its_campaigns(scene):
    second = scene.caller("create_campaign", campaign(outreach_id=scene.outreach_id)).body["id"]
    scene.call("enroll_contact", campaign_id=second)
    settled(scene.caller, second, scene.other_contact_id, sent_at=1, opened_at=2)

    shown = scene.call("get_outreach").body

    assert shown["totals"] == {"pending": 1, "sent": 0, "opened": 1, "replied": 0, "bounced": 0}
