"""GET /drumbeat/v1/sequences/{sequence_id}/schedule"""

import pytest

from tests.contract.scene import MISSING
from tests.world import new_tenant


def _get(caller, sequence):
    return caller("get_schedule", group="drumbeat", sequence_id=sequence)


def test_a_sequence_that_was_given_none_may_send_at_any_time(scene):
    answer = _get(scene.caller, scene.campaign_id)

    assert answer.status == 200
    assert answer.body.pop("next_open_at")
    assert answer.body == {
        "sequence_id": scene.campaign_id,
        "business_hours_only": False,
        "time_zone": None,
        "week": None,
        "holidays": None,
        "not_before": None,
        "daily_cap": None,
        "hours": None,
    }


@pytest.mark.parametrize("spelled", [MISSING, "1", "x"])
def test_what_is_no_sequence_is_not_found(caller, spelled):
    answer = _get(caller, spelled)

    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_another_tenant_s_sequence_is_not_found(scene):
    assert _get(new_tenant(), scene.campaign_id).status == 404
