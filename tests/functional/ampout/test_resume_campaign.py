"""POST /campaigns/{campaign_id}/resume"""

import pytest

from drumbeat import bootstrap
from tests.contract.scene import everything


def test_a_paused_campaign_goes_on(scene):
    scene.call("dispatch_campaign")
    scene.call("pause_campaign")

    answer = scene.call("resume_campaign")

    assert (answer.status, answer.body) == (200, {"id": scene.campaign_id, "status": "active"})
    assert scene.call("get_campaign").body["status"] == "active"
    assert bootstrap.lanes().awake(2**50)


@pytest.mark.parametrize("steps", [(), ("dispatch_campaign",)])
def test_a_campaign_that_is_not_paused_is_left_alone(scene, steps):
    for step in steps:
        scene.call(step)
    before = everything()

    answer = scene.call("resume_campaign")

    assert (answer.status, answer.body["code"]) == (422, "campaign_not_paused")
    assert everything() == before
