"""GET /drumbeat/v1/sequences/{sequence_id}/senders/{sender_id}"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.sequence_items import sender_item
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.token import hooked_by
from tests.contract.scene import MISSING, tenant_of
from tests.world import new_tenant


def _get(scene, **changes):
    options = {"sequence_id": scene.campaign_id, "sender_id": scene.credential_id} | changes
    return options.pop("caller", scene.caller)("get_sender", group="drumbeat", **options)


def test_a_sender_tells_until_when_it_rests_and_why(scene):
    tenant = tenant_of(scene.caller)
    number = resource_number(Kind.SENDER, tenant, scene.credential_id)
    sender = bootstrap.sequences().sender(tenant, number)
    told = replace(sender, resting_until=1_795_251_600_000, trouble="login wanted", disabled_at=0, disabled_reason="x")
    bootstrap.table().put(sender_item(told))

    answer = _get(scene)

    assert answer.status == 200
    assert (answer.body["id"], answer.body["kind"]) == (scene.credential_id, "smtp")
    assert answer.body["resting_until"] == "2026-11-21T09:00:00.000Z"
    assert answer.body["trouble"] == "login wanted"
    assert (answer.body["disabled_at"], answer.body["disabled_reason"]) == ("1970-01-01T00:00:00.000Z", "x")


def test_a_sender_shows_the_url_at_which_its_provider_reports(scene):
    tenant = tenant_of(scene.caller)
    url = _get(scene).body["hooks"]["smtp2go"]

    path, _, token = url.rpartition("/")
    assert path.endswith("/t/hooks/smtp2go")
    assert hooked_by(bootstrap.token_keys(), token) == (
        tenant,
        resource_number(Kind.SENDER, tenant, scene.credential_id),
    )


@pytest.mark.parametrize("place", ["sequence_id", "sender_id"])
def test_what_is_missing_or_another_tenant_s_is_not_found(scene, place):
    missing, foreign = _get(scene, **{place: MISSING}), _get(scene, caller=new_tenant())

    assert (missing.status, missing.body["code"], foreign.status) == (404, "not_found", 404)


def test_a_sender_of_another_sequence_is_not_found_here(scene):
    other = scene.call("create_campaign").body["id"]

    assert _get(scene, sequence_id=other).body["title"] == "No such sender."
