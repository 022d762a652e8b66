"""POST /campaigns/{campaign_id}/smtp_credentials/{credential_id}/reenable"""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from tests.contract.scene import everything, tenant_of


def _disable(scene):
    tenant = tenant_of(scene.caller)
    sender = bootstrap.sequences().sender(tenant, resource_number(Kind.SENDER, tenant, scene.credential_id))
    bootstrap.sequences().update_sender(replace(sender, disabled_at=1_700_000_000_000))


def _disabled_at(scene):
    return scene.call("get_campaign").body["smtp_credentials"][0]["disabled_at"]


def test_a_disabled_credential_sends_again(scene):
    _disable(scene)
    assert _disabled_at(scene) is not None

    answer = scene.call("reenable_smtp_credential")

    assert answer.status == 200
    assert answer.body == {"id": scene.credential_id, "from_email": "ann@acme.example", "status": "enabled"}
    assert _disabled_at(scene) is None


def test_one_that_is_enabled_stays_so(scene):
    assert scene.call("reenable_smtp_credential").body["status"] == "enabled"


def test_a_credential_that_is_not_there_leaves_nothing_behind(scene):
    scene.call("delete_smtp_credential")
    before = everything()

    answer = scene.call("reenable_smtp_credential")

    assert (answer.status, answer.body["code"]) == (404, "smtp_credential_not_found")
    assert everything() == before
