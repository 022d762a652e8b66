"""GET /drumbeat/v1/sequences/{sequence_id}/senders"""

from tests.contract.scene import MISSING
from tests.world import new_tenant

SES = {"kind": "ses", "from_email": "ann@acme.example"}


def _list(caller, sequence):
    return caller("list_senders", group="drumbeat", sequence_id=sequence)


def test_senders_of_both_kinds_are_listed_in_their_rotation(scene):
    made = scene.caller("create_sender", SES, group="drumbeat", sequence_id=scene.campaign_id)

    answer = _list(scene.caller, scene.campaign_id)

    assert answer.status == 200
    assert [(entry["id"], entry["kind"]) for entry in answer.body] == [
        (scene.credential_id, "smtp"),
        (made.body["id"], "ses"),
    ]
    assert answer.body[1] == made.body


def test_no_list_shows_a_password(scene):
    assert "password" not in str(_list(scene.caller, scene.campaign_id).body)


def test_a_sequence_that_is_missing_or_another_tenant_s_is_not_found(scene):
    missing, foreign = _list(scene.caller, MISSING), _list(new_tenant(), scene.campaign_id)

    assert (missing.status, missing.body) == (foreign.status, foreign.body)
    assert missing.status == 404
