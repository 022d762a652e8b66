"""GET /contacts/{contact_id}"""

from tests.contract.scene import settled


def test_a_contact_shows_its_enrollments_and_how_far_each_is(scene):
    settled(scene.caller, scene.campaign_id, scene.contact_id, sent_at=1_700_000_000_000)

    shown = scene.call("get_contact").body

    assert shown["email"] == "p0@corp.example"
    assert shown["enrollments"] == [
        {
            "id": scene.enrollment_id,
            "campaign_id": scene.campaign_id,
            "status": "sent",
            "batch_number": 1,
            "sent_at": "2023-11-14T22:13:20.000Z",
        }
    ]


def test_a_contact_that_is_nowhere_enrolled_has_an_empty_list(scene):
    assert scene.call("get_contact", contact_id=scene.other_contact_id).body["enrollments"] == []


def test_a_deleted_contact_is_not_found(scene):
    scene.call("delete_contact")

    assert scene.call("get_contact").body["code"] == "contact_not_found"
