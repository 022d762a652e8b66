"""DELETE /campaigns/{campaign_id}/smtp_credentials/{credential_id}"""

from drumbeat import bootstrap
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from tests.contract.scene import tenant_of


def test_a_deleted_credential_leaves_the_rotation(scene):
    second = scene.call("create_smtp_credential").body["id"]

    answer = scene.call("delete_smtp_credential")

    assert answer.status == 204
    assert [entry["id"] for entry in scene.call("get_campaign").body["smtp_credentials"]] == [second]


def test_deleting_twice_is_not_found(scene):
    scene.call("delete_smtp_credential")

    answer = scene.call("delete_smtp_credential")

    assert (answer.status, answer.body["code"]) == (404, "smtp_credential_not_found")


def test_a_credential_of_another_campaign_stays(scene):
    other = scene.call("create_campaign").body["id"]

    assert scene.call("delete_smtp_credential", campaign_id=other).status == 404
    assert len(scene.call("get_campaign").body["smtp_credentials"]) == 1


def test_a_credential_that_enrollments_are_bound_to_stays(scene):
    tenant = tenant_of(scene.caller)
    number = next(bootstrap.sequences().all_senders(tenant)).number
    bootstrap.lanes().wake(tenant, [number], clock.now(), serves=99)

    answer = scene.call("delete_smtp_credential")

    assert (answer.status, answer.body["code"]) == (422, "smtp_credential_in_use")
    assert len(scene.call("get_campaign").body["smtp_credentials"]) == 1


def test_a_credential_that_nothing_is_bound_to_any_more_is_deleted(scene):
    tenant = tenant_of(scene.caller)
    number = next(bootstrap.sequences().all_senders(tenant)).number
    bootstrap.lanes().wake(tenant, [number], clock.now() - HOUR, serves=99)

    assert scene.call("delete_smtp_credential").status == 204
    assert scene.call("get_campaign").body["smtp_credentials"] == []
