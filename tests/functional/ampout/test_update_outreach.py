"""PATCH /outreaches/{outreach_id}"""

from tests.world import campaign


def test_what_is_named_changes_and_the_rest_stays(scene):
    scene.call("update_outreach", body={"outreach": {"name": "Renamed"}})
    scene.call("update_outreach", body={"outreach": {"unique_contacts": False}})

    shown = scene.call("get_outreach").body
    assert (shown["name"], shown["unique_contacts"]) == ("Renamed", False)


def test_the_answer_is_what_is_kept(scene):
    answer = scene.call("update_outreach", body={"outreach": {"name": "Renamed"}})

    shown = scene.call("get_outreach").body
    assert answer.body == {name: shown[name] for name in answer.body}


def test_uniqueness_holds_from_when_it_is_turned_on(scene):
    sibling = scene.caller("create_campaign", campaign(outreach_id=scene.outreach_id)).body["id"]
    scene.call("update_outreach", body={"outreach": {"unique_contacts": False}})
    assert scene.call("enroll_contact", campaign_id=sibling, body={"contact_id": scene.contact_id}).status == 200
    scene.call("update_outreach", body={"outreach": {"unique_contacts": True}})
    third = scene.caller("create_campaign", campaign(outreach_id=scene.outreach_id)).body["id"]

    answer = scene.call("enroll_contact", campaign_id=third, body={"contact_id": scene.contact_id})

    assert (answer.status, answer.body["code"]) == (422, "contact_already_enrolled")
