"""POST /campaigns/{campaign_id}/dispatch"""

from drumbeat import bootstrap
from drumbeat.domain.enrollment import EnrollmentState
from tests.contract.scene import settled, tenant_of
from tests.world import started


def _awake(scene):
    return [lane for lane in bootstrap.lanes().awake(2**50) if lane.tenant == tenant_of(scene.caller)]


def test_a_pending_campaign_becomes_active_and_its_sender_wakes(scene):
    before = len(_awake(scene))

    answer = scene.call("dispatch_campaign")

    assert (answer.status, answer.body) == (200, {"id": scene.campaign_id, "status": "active"})
    assert scene.call("get_campaign").body["status"] == "active"
    assert len(_awake(scene)) == before + 1


def test_dispatching_again_changes_nothing(scene):
    scene.call("dispatch_campaign")

    assert scene.call("dispatch_campaign").body["status"] == "active"


def test_a_paused_campaign_stays_paused(scene):
    scene.call("dispatch_campaign")
    scene.call("pause_campaign")

    assert scene.call("dispatch_campaign").body["status"] == "paused"
    assert scene.call("get_campaign").body["status"] == "paused"


def test_a_campaign_nobody_is_enrolled_in_has_nothing_to_send(scene):
    empty = started(scene.caller)
    before = len(_awake(scene))

    answer = scene.call("dispatch_campaign", campaign_id=empty)

    assert (answer.status, answer.body["code"]) == (422, "no_pending_enrollments")
    assert scene.call("get_campaign", campaign_id=empty).body["status"] == "pending"
    assert len(_awake(scene)) == before


def test_a_campaign_that_is_through_has_nothing_to_send(scene):
    settled(scene.caller, scene.campaign_id, scene.contact_id, state=EnrollmentState.FINISHED, sent_at=1)

    assert scene.call("dispatch_campaign").body["code"] == "no_pending_enrollments"
