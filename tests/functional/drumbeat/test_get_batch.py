"""GET /drumbeat/v1/batches/{batch_id}"""

import pytest

from tests.contract.scene import MISSING, is_instant
from tests.world import Caller, new_tenant


def _get(caller, batch_id, **options):
    return caller("get_batch", group="drumbeat", batch_id=batch_id, **options)


def test_a_batch_says_how_far_it_is(scene):
    batch = _get(scene.caller, scene.batch_id)

    assert batch.status == 200
    assert is_instant(batch.body.pop("created_at"))
    assert batch.body == {
        "id": scene.batch_id,
        "action": "import.enroll",
        "state": "resolving",
        "open": False,
        "total": 1,
        "pending": 0,
        "succeeded": 1,
        "failures": 0,
        "failures_by_code": {},
        "canceled": 0,
        "confirmed_at": None,
        "started_at": None,
        "finished_at": None,
        "canceled_at": None,
    }


@pytest.mark.parametrize("batch_id", [MISSING, "x", "", "é" * 36])
def test_an_id_that_is_none_is_not_found_as_a_problem_document(scene, batch_id):
    answer = _get(scene.caller, batch_id)

    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body == {
        "type": "urn:drumbeat:error:not_found",
        "title": "No such batch.",
        "status": 404,
        "code": "not_found",
    }


def test_another_tenant_s_batch_looks_like_none(scene):
    stranger = new_tenant()

    assert _get(stranger, scene.batch_id) == _get(stranger, MISSING)


def test_the_key_may_come_in_either_header(scene):
    key = scene.caller.key

    assert _get(Caller(), scene.batch_id, headers={"X-API-Key": key}).status == 200
    assert _get(Caller(), scene.batch_id, headers={"x-api-key": "ak_live_nonsense"}).status == 401
    assert _get(Caller(), scene.batch_id).body["code"] == "unauthorized"
