"""POST /campaigns/{campaign_id}/pause"""


def test_an_active_campaign_pauses(scene):
    scene.call("dispatch_campaign")

    answer = scene.call("pause_campaign")

    assert (answer.status, answer.body) == (200, {"id": scene.campaign_id, "status": "paused"})
    assert scene.call("get_campaign").body["status"] == "paused"


def test_a_campaign_that_never_began_cannot_pause(scene):
    assert scene.call("pause_campaign").body["code"] == "campaign_not_active"
    assert scene.call("get_campaign").body["status"] == "pending"


def test_a_paused_campaign_cannot_pause_again(scene):
    scene.call("dispatch_campaign")
    scene.call("pause_campaign")

    assert scene.call("pause_campaign").body["code"] == "campaign_not_active"
